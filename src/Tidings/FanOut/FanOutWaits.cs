using System.Collections.Immutable;

namespace Tidings.FanOut;

/// <summary>What fan-out holds, by how long ago it was committed.</summary>
/// <param name="Jobs">Younger than each of <see cref="FanOutWaits.UnderMs"/> and not than the one before; the last are older than all.</param>
/// <param name="OldestUnixMs">When the oldest was committed; 0 where nothing waits.</param>
public sealed record WaitingJobs(ImmutableArray<int> Jobs, long OldestUnixMs)
{
    public static readonly WaitingJobs None = new([.. new int[FanOutWaits.UnderMs.Length + 1]], 0);
}

/// <summary>
/// Tells others how far fan-out has come. The queues are the worker's alone, so it is the worker that looks at them, and only when it was asked: between two
/// slices, for those who wait a hundred times a second at most, and at once where it has run out of work.
/// </summary>
public sealed class FanOutWaits
{
    private const long LookEveryMs = 10;

    private readonly Lock _gate = new();
    private readonly List<(long Mark, TaskCompletionSource Passed)> _marks = [];
    private TaskCompletionSource<WaitingJobs>? _counted;
    private volatile bool _isAsked;
    private long _lookedUnixMs;

    public static ImmutableArray<int> UnderMs { get; } = [10, 100, 1_000, 10_000];

    /// <summary>Whether somebody asks. One look at a field.</summary>
    internal bool IsAsked => _isAsked;

    /// <summary>Asks for a count of what waits.</summary>
    internal Task<WaitingJobs> CountAsync()
    {
        lock (_gate)
        {
            _counted ??= new TaskCompletionSource<WaitingJobs>(TaskCreationOptions.RunContinuationsAsynchronously);
            _isAsked = true;
            return _counted.Task;
        }
    }

    /// <summary>Asks to be told when everything up to an event is dealt with.</summary>
    internal Task PassAsync(long mark)
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _marks.Add((mark, passed));
            _isAsked = true;
        }
        return passed.Task;
    }

    /// <summary>Answers those who ask. The worker calls it between two slices.</summary>
    /// <param name="position">The last event that was read.</param>
    internal void Look(AuthorQueues queues, long position, long nowUnixMs)
    {
        // A clock that stepped back is no reason to keep anybody waiting.
        if (queues.Count > 0 && Volatile.Read(ref _counted) is null && Math.Abs(nowUnixMs - _lookedUnixMs) < LookEveryMs)
            return;
        _lookedUnixMs = nowUnixMs;
        var jobs = new int[UnderMs.Length + 1];
        var (oldest, first) = (long.MaxValue, long.MaxValue);
        foreach (var job in queues.Jobs)
        {
            jobs[AgeClass(nowUnixMs - job.Cause.UnixMs)]++;
            oldest = Math.Min(oldest, job.Cause.UnixMs);
            first = Math.Min(first, job.Cause.Position);
        }
        Answer(queues.Count == 0 ? WaitingJobs.None : new WaitingJobs([.. jobs], oldest), Math.Min(position, first - 1));
    }

    private void Answer(WaitingJobs waiting, long passed)
    {
        lock (_gate)
        {
            _counted?.SetResult(waiting);
            _counted = null;
            foreach (var (mark, done) in _marks)
            {
                if (mark <= passed)
                    done.SetResult();
            }
            _marks.RemoveAll(asked => asked.Mark <= passed);
            _isAsked = _marks.Count > 0;
        }
    }

    private static int AgeClass(long ageMs)
    {
        var age = 0;
        while (age < UnderMs.Length && ageMs >= UnderMs[age])
            age++;
        return age;
    }
}
