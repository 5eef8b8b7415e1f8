using Tidings.People;
using Tidings.Posts;

namespace Tidings.Import;

/// <summary>A post that was made elsewhere, at its own time.</summary>
public sealed record DatedPost(NewPost Post, long CreatedUnixMs);

/// <summary>
/// A batch of an import: all of it is stored together with the place in the source that it reaches, so an import that is cut off goes on
/// where it was and stores nothing twice.
/// </summary>
/// <param name="Job">Names the source, at most 200 characters: a file and what it was read as.</param>
/// <param name="Line">The last line of the source that this batch covers.</param>
/// <param name="Follows">Follower and followee; people of this or an earlier batch. An edge that is there already and an edge to oneself are passed over.</param>
public sealed record LoadBatch(
    string Job, long Line, IReadOnlyList<(UserId Follower, UserId Followee)> Follows, IReadOnlyList<DatedPost> Posts);

/// <summary>The wide door, for a record that nobody reads meanwhile: no events, no deliveries; the feeds are there at the next start.</summary>
public interface IBulkLoad
{
    /// <summary>The last line of the job that is stored; 0 to begin.</summary>
    ValueTask<long> ReachedAsync(string job, CancellationToken ct);

    /// <summary>Adds the people whose handle is new. Fills <paramref name="into"/> with everyone's id in order.</summary>
    /// <returns>How many were new.</returns>
    ValueTask<int> AddPeopleAsync(IReadOnlyList<NewPerson> people, Memory<UserId> into, CancellationToken ct);

    ValueTask StoreAsync(LoadBatch batch, CancellationToken ct);
}
