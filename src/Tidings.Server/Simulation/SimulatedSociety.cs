using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Import;
using Tidings.People;

namespace Tidings.Server.Simulation;

/// <summary>Brings the people of a simulated network and their ties into a record, through the bulk door or through the use cases.</summary>
internal static class SimulatedSociety
{
    private const int PeoplePerBatchMax = 8_192;
    private const int FollowsPerBatchMax = 262_144;

    /// <summary>Ties that are changed at once.</summary>
    private const int TiesAtOnceMax = 1_024;

    /// <summary>People and follows through the bulk door. Can be repeated: what is there stays.</summary>
    /// <returns>Of each person, by index.</returns>
    public static async Task<UserId[]> LoadAsync(
        SimulatedNetwork network, IBulkLoad bulk, string job, Action<long>? stored, CancellationToken ct)
    {
        var ids = new UserId[network.Graph.People];
        var at = 0;
        foreach (var chunk in network.People().Chunk(PeoplePerBatchMax))
        {
            var people = Array.ConvertAll(chunk, p => new NewPerson(p.Handle, p.Name, p.Bio, []));
            await bulk.AddPeopleAsync(people, ids.AsMemory(at, chunk.Length), ct);
            stored?.Invoke(chunk.Length);
            at += chunk.Length;
        }
        var line = 0L;
        foreach (var chunk in network.Follows().Chunk(FollowsPerBatchMax))
        {
            var follows = Array.ConvertAll(chunk, f => (ids[f.Follower], ids[f.Followee]));
            line += chunk.Length;
            await bulk.StoreAsync(new LoadBatch(job, line, follows, []), ct);
            stored?.Invoke(chunk.Length);
        }
        return ids;
    }

    /// <summary>One asks, the other accepts; both then follow each other.</summary>
    /// <param name="ids">As <see cref="LoadAsync"/> gave them.</param>
    public static async Task BefriendAsync(
        SimulatedNetwork network, UserId[] ids, ChangeTie change, Action<long>? stored, CancellationToken ct)
    {
        foreach (var chunk in network.Graph.Friendships().Chunk(TiesAtOnceMax))
        {
            await AllAsync(chunk, f => change.ExecuteAsync(ids[f.A], TieAction.RequestFriend, ids[f.B], ct));
            await AllAsync(chunk, f => change.ExecuteAsync(ids[f.B], TieAction.AcceptFriend, ids[f.A], ct));
            stored?.Invoke(chunk.Length);
        }
    }

    public static async Task FollowAsync(SimulatedNetwork network, UserId[] ids, ChangeTie change, CancellationToken ct)
    {
        foreach (var chunk in network.Follows().Chunk(TiesAtOnceMax))
            await AllAsync(chunk, f => change.ExecuteAsync(ids[f.Follower], TieAction.Follow, ids[f.Followee], ct));
    }

    private static async Task AllAsync<T>(T[] of, Func<T, ValueTask<Result<Tie>>> change)
    {
        foreach (var result in await Task.WhenAll(of.Select(t => change(t).AsTask())))
        {
            if (!result.IsOk)
                throw new InvalidOperationException($"A simulated tie was refused: {result.Rejection.Code}. {result.Rejection.Detail}");
        }
    }
}
