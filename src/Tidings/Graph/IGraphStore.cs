using Tidings.People;

namespace Tidings.Graph;

/// <summary>How a tie changed, seen from the actor.</summary>
public readonly record struct TieChange(Tie Before, Tie After)
{
    public Tie Changed => Before ^ After;
}

public readonly record struct GraphCounts(int Following, int Followers, int Friends);

/// <summary>Follows, friendships, blocks and mutes. A change that was answered is seen from both people; one that broke off touches both or neither in the
/// end.</summary>
public interface IGraphStore
{
    /// <summary>Applies <see cref="TieRules"/> and <see cref="GraphLimits"/> in one transaction. Unknown people are <c>person_not_found</c>.</summary>
    ValueTask<Result<TieChange>> ChangeAsync(UserId actor, TieAction action, UserId other, CancellationToken ct);

    /// <summary>The viewer's tie to each of the others, in their order. Without <see cref="Tie.FollowedBy"/>: ask <see cref="TieAsync"/> where that matters.</summary>
    ValueTask TiesAsync(UserId viewer, ReadOnlyMemory<UserId> others, Memory<Tie> into, CancellationToken ct);

    /// <summary>The viewer's whole tie to one other.</summary>
    ValueTask<Tie> TieAsync(UserId viewer, UserId other, CancellationToken ct);

    /// <summary>The next members of a list after <paramref name="after"/> (0 to begin), rising by id. A walk that runs while people come and
    /// go sees everyone who was there throughout, once.</summary>
    /// <returns>How many were written; fewer than the room given means that the list ended.</returns>
    ValueTask<int> ListAsync(UserId person, TieList list, UserId after, Memory<UserId> into, CancellationToken ct);

    ValueTask<GraphCounts> CountsAsync(UserId person, CancellationToken ct);

    /// <summary>How many followers each has, in their order.</summary>
    ValueTask FollowersAsync(ReadOnlyMemory<UserId> people, Memory<int> into, CancellationToken ct);
}

/// <summary>How many people one person can hold in each list. What others do to a person (followers, requests received) has no limit.</summary>
public sealed class GraphLimits
{
    /// <summary>1 to 100,000; default 10,000.</summary>
    public int FollowingMax { get; set; } = 10_000;
    /// <summary>1 to 100,000; default 5,000.</summary>
    public int FriendsMax { get; set; } = 5_000;
    /// <summary>1 to 100,000; default 10,000. For blocks, mutes, requests and close friends, each.</summary>
    public int OthersMax { get; set; } = 10_000;
    /// <summary>Audience lists of one person. 1 to 1,000; default 100.</summary>
    public int AudienceListsMax { get; set; } = 100;
    /// <summary>Members of one audience list. 1 to 100,000; default 5,000.</summary>
    public int AudienceMembersMax { get; set; } = 5_000;
}
