using System.Runtime.InteropServices;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.FanOut;

/// <summary>
/// Brings posts to their readers. It reads the log of events and does one <i>slice</i> at a time, authors in turn, the events of one author in
/// order.
/// <list type="number">
/// <item>A post of a pushed author is delivered to the followers in slices of 1,000: first to those who are online, then to those active
/// lately. Dormant readers are skipped: their inbox is rebuilt when they return.</item>
/// <item>A post of a pulled author needs nothing: it is in the author's timeline. Readers who are here are told.</item>
/// <item>A change of followers may carry an author over the threshold. Upwards the mode is set and that is all: what was pushed stays
/// in the inboxes, and reads drop duplicates. Downwards the inboxes of the followers lack what was posted meanwhile: the author is
/// <see cref="FanOutMode.Draining"/>, both pushed and pulled, while the followers' inboxes are dropped slice by slice, and pushed after
/// that.</item>
/// <item>An edit or a deletion changes no inbox: inboxes hold ids, and every read looks at the post itself. Readers who are here are told, after
/// they were told of the post.</item>
/// </list>
/// A slice that is repeated changes nothing. An exception of a port ends the run, and the slice's author has another turn: the same worker can run
/// again, and so can another that begins at a position where nothing waited. Cancellation ends it between two slices.
/// </summary>
public sealed class FanOutWorker(
    IEventLog log, IGraphStore graph, IInboxes inboxes, IPresence presence, IFanOutModes modes, FanOutPolicy policy, TimeProvider clock,
    long position, IAnnouncer? announcer = null, AuthorCosts? costs = null)
{
    public const int SliceReaders = 1_000;

    /// <summary>Jobs held in memory; further events wait in the log.</summary>
    public const int JobsMax = 16_384;

    private const int EventsPerRead = 1_024;

    private readonly AuthorQueues _queues = new(JobsMax);
    private readonly Event[] _events = new Event[EventsPerRead];
    private readonly UserId[] _slice = new UserId[SliceReaders];
    private readonly Presence[] _presence = new Presence[SliceReaders];
    private readonly UserId[] _author = new UserId[1];
    private readonly FanOutMode[] _mode = new FanOutMode[1];
    private readonly FanOutWaits _waits = new();
    private long _position = position;

    /// <summary>The last event that was read from the log. All of them are dealt with when <see cref="Waiting"/> is 0.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>Events that were read and are not dealt with.</summary>
    public int Waiting => _queues.Count;

    /// <summary>What waits and since when, counted by the worker between two slices: where it takes long to come, that is an answer, too.</summary>
    public Task<WaitingJobs> WaitingAsync(CancellationToken ct)
    {
        var counted = _waits.CountAsync();
        Interlocked.MemoryBarrier();
        return Waiting == 0 ? Task.FromResult(WaitingJobs.None) : counted.WaitAsync(ct);
    }

    /// <summary>Waits until all events up to one are dealt with: whatever they asked for is in the inboxes.</summary>
    public Task PassedAsync(long mark, CancellationToken ct)
    {
        var passed = _waits.PassAsync(mark);
        Interlocked.MemoryBarrier();
        // A worker that has run out of work may not look again until there is more.
        return Position >= mark && Waiting == 0 ? Task.CompletedTask : passed.WaitAsync(ct);
    }

    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            if (!await StepAsync(ct))
                await ReadEventsAsync(ct);
        }
    }

    /// <summary>Does one slice.</summary>
    /// <returns>False where there is nothing to do.</returns>
    public async ValueTask<bool> StepAsync(CancellationToken ct)
    {
        if (log.End > _position && _queues.Room >= 2 * EventsPerRead)
            await ReadEventsAsync(ct);
        // Whoever asks from now on sees that there is nothing; who asked before is seen here.
        if (_queues.Count == 0)
            Interlocked.MemoryBarrier();
        if (_waits.IsAsked)
            _waits.Look(_queues, _position, clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (!_queues.TryTake(out var author, out var job))
            return false;

        var done = false;
        try
        {
            done = job.Cause.Kind switch
            {
                EventKind.PostPublished => await PushAsync(author, job, ct),
                EventKind.TieChanged => await CrossAsync(author, job, ct),
                _ => await RelayAsync(job, ct),
            };
        }
        finally
        {
            _queues.EndTurn(author, done);
        }
        return true;
    }

    private async ValueTask ReadEventsAsync(CancellationToken ct)
    {
        var count = await log.ReadAsync(_position, _events, ct);
        for (var i = 0; i < count; i++)
        {
            var e = _events[i];
            if (e.Kind == EventKind.PostPublished)
                _queues.Add(e.Actor, new FanOutJob(e));
            if (e.Kind is EventKind.PostEdited or EventKind.PostDeleted && announcer is { IsHeard: true })
                _queues.Add(e.Actor, new FanOutJob(e));
            if (e.Kind == EventKind.TieChanged)
            {
                var changed = (Tie)(e.Detail & 0xFFFF) ^ (Tie)((e.Detail >> 16) & 0xFFFF);
                if ((changed & Tie.Follows) != 0)
                    _queues.Add(e.Other, new FanOutJob(e));
                if ((changed & Tie.FollowedBy) != 0)
                    _queues.Add(e.Actor, new FanOutJob(e));
            }
        }
        Volatile.Write(ref _position, _events[count - 1].Position);
    }

    private async ValueTask<bool> PushAsync(UserId author, FanOutJob job, CancellationToken ct)
    {
        if (!job.Started)
        {
            job.IsPulled = await ModeAsync(author, ct) == FanOutMode.Pull;
            job.Started = true;
            if (job.IsPulled)
            {
                FanOutTelemetry.Pulled.Add(1);
                costs?.Note(author, 0, clock.GetUtcNow().ToUnixTimeMilliseconds());
            }
        }
        if (job.IsPulled)
            return await RelayAsync(job, ct);

        if (!job.OnlineServed)
            job.OnlineServed = await PushOnlineAsync(author, job, ct);
        else
            await PushLaterAsync(job, ct);
        if (!job.OnlineServed || job.LaterServed < job.Later.Count)
            return false;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        FanOutTelemetry.Lag.Record(Math.Max(0, now - job.Cause.UnixMs) / 1000.0);
        costs?.Note(author, job.Deliveries, now);
        return true;
    }

    /// <returns>True where the slice was the last.</returns>
    private async ValueTask<bool> PushOnlineAsync(UserId author, FanOutJob job, CancellationToken ct)
    {
        var count = await graph.ListAsync(author, TieList.Followers, job.After, _slice, ct);
        await presence.ClassifyAsync(_slice.AsMemory(0, count), _presence, ct);
        var (online, last) = (0, count == 0 ? job.After : _slice[count - 1]);
        // What a slice that failed has added comes again.
        job.Later.RemoveRange(job.LaterKept, job.Later.Count - job.LaterKept);
        for (var i = 0; i < count; i++)
        {
            var reader = _slice[i];
            if (_presence[i] == Presence.Online)
                _slice[online++] = reader;
            else if (_presence[i] == Presence.Active)
                job.Later.Add(reader);
        }
        await DeliverAsync(job, _slice.AsMemory(0, online), ct);
        if (online > 0 && announcer is { IsHeard: true })
            await announcer.DeliveredAsync(job.Cause, _slice.AsMemory(0, online), ct);
        FanOutTelemetry.Skipped.Add(count - online - (job.Later.Count - job.LaterKept));
        (job.After, job.LaterKept) = (last, job.Later.Count);
        return count < SliceReaders;
    }

    /// <returns>True where the slice was the last.</returns>
    private async ValueTask<bool> RelayAsync(FanOutJob job, CancellationToken ct)
    {
        if (announcer is { IsHeard: true })
            job.RelayFrom = await announcer.RelayAsync(job.Cause, job.RelayFrom, ct);
        else
            job.RelayFrom = 0;
        return job.RelayFrom == 0;
    }

    private async ValueTask PushLaterAsync(FanOutJob job, CancellationToken ct)
    {
        var count = Math.Min(SliceReaders, job.Later.Count - job.LaterServed);
        CollectionsMarshal.AsSpan(job.Later).Slice(job.LaterServed, count).CopyTo(_slice);
        await DeliverAsync(job, _slice.AsMemory(0, count), ct);
        job.LaterServed += count;
    }

    private async ValueTask DeliverAsync(FanOutJob job, ReadOnlyMemory<UserId> readers, CancellationToken ct)
    {
        if (readers.Length == 0)
            return;
        var deliveries = await inboxes.DeliverAsync(job.Cause.Post, readers, ct);
        job.Deliveries += deliveries;
        FanOutTelemetry.Deliveries.Add(deliveries);
    }

    private async ValueTask<bool> CrossAsync(UserId author, FanOutJob job, CancellationToken ct)
    {
        if (!job.Started)
        {
            var mode = await ModeAsync(author, ct);
            var counts = await graph.CountsAsync(author, ct);
            var wanted = policy.Decide(mode, counts.Followers);
            if (wanted == mode)
                return true;
            FanOutTelemetry.Crossings.Add(1);
            if (wanted == FanOutMode.Pull)
            {
                await modes.SetAsync(author, FanOutMode.Pull, ct);
                return true;
            }
            await modes.SetAsync(author, FanOutMode.Draining, ct);
            job.Started = true;
        }

        var count = await graph.ListAsync(author, TieList.Followers, job.After, _slice, ct);
        await inboxes.DropAsync(_slice.AsMemory(0, count), ct);
        if (count == SliceReaders)
        {
            job.After = _slice[count - 1];
            return false;
        }
        await modes.SetAsync(author, FanOutMode.Push, ct);
        return true;
    }

    private async ValueTask<FanOutMode> ModeAsync(UserId author, CancellationToken ct)
    {
        _author[0] = author;
        await modes.ModesAsync(_author, _mode, ct);
        return _mode[0];
    }
}
