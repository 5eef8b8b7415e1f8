namespace Tidings.Postgres.Sharding;

/// <summary>
/// The decisions of this process that wait for one shard. What has gathered while the last group was written is taken together: a group costs one
/// lock and one sync of the disk, however many are in it.
/// </summary>
/// <param name="run">Takes a group to its end: each of them is answered or has failed.</param>
internal sealed class ShardQueue(Func<IReadOnlyList<Decision>, Task> run)
{
    public const int GroupMax = 64;

    /// <summary>Who comes after so many waits for room.</summary>
    public const int QueueMax = 4_096;

    private readonly SemaphoreSlim _room = new(QueueMax);
    private readonly Queue<Decision> _waiting = new();
    private readonly Lock _gate = new();
    private bool _isRunning;

    public async ValueTask<T> AddAsync<T>(Decision<T> decision, CancellationToken ct)
    {
        await _room.WaitAsync(ct);
        lock (_gate)
        {
            _waiting.Enqueue(decision);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }
        return await decision.AnsweredAsync(ct);
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } group)
        {
            var begun = group.FindAll(decision => decision.TryBegin());
            if (begun.Count > 0)
                await run(begun);
            _room.Release(group.Count);
        }
    }

    private List<Decision> Take()
    {
        lock (_gate)
        {
            var group = new List<Decision>(Math.Min(GroupMax, _waiting.Count));
            while (group.Count < GroupMax && _waiting.TryDequeue(out var decision))
                group.Add(decision);
            _isRunning = group.Count > 0;
            return group;
        }
    }
}
