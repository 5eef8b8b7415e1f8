using Tidings.People;

namespace Tidings.Graph;

/// <summary>A named list of people to whom posts can be shown. Positive, unique over all people; a string in JSON; 0 is no list.</summary>
public readonly record struct AudienceListId(uint Value)
{
    public static bool TryParse(ReadOnlySpan<char> text, out AudienceListId id)
    {
        var ok = IdText.TryParse(text, out var value) && value <= uint.MaxValue;
        id = new AudienceListId(ok ? (uint)value : 0);
        return ok;
    }

    public override string ToString() => IdText.Format(Value);
}

public sealed record AudienceList(AudienceListId Id, UserId Owner, string Name, int Members)
{
    public const int NameCharsMax = 80;
}

/// <summary>Audience lists. Only their owner sees them; a post on a custom audience is seen by who is on the list when they read.</summary>
public interface IAudienceStore
{
    ValueTask<Result<AudienceListId>> AddAsync(UserId owner, string name, CancellationToken ct);

    /// <summary>Posts on a removed list are seen by their author alone.</summary>
    ValueTask<Result<bool>> RemoveAsync(UserId owner, AudienceListId list, CancellationToken ct);

    /// <summary>Adds or removes members. <c>list_not_found</c> where the list isn't the owner's.</summary>
    ValueTask<Result<AudienceList>> ChangeMembersAsync(
        UserId owner, AudienceListId list, ReadOnlyMemory<UserId> add, ReadOnlyMemory<UserId> remove, CancellationToken ct);

    ValueTask<IReadOnlyList<AudienceList>> OfAsync(UserId owner, CancellationToken ct);

    /// <returns>As <see cref="IGraphStore.ListAsync"/>.</returns>
    ValueTask<int> MembersAsync(AudienceListId list, UserId after, Memory<UserId> into, CancellationToken ct);

    /// <summary>Whether the person is on each of the lists.</summary>
    ValueTask ContainsAsync(UserId person, ReadOnlyMemory<AudienceListId> lists, Memory<bool> into, CancellationToken ct);
}
