using System.Collections.Immutable;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.FanOut;

/// <summary>
/// Compares inboxes with what a fresh pull from the authors' timelines gives: push and pull have to come to the same.
/// <list type="number">
/// <item>The inbox is copied first, then the authors are read and pulled, so whatever the inbox has is in the timelines by then. It is compared down to the
/// oldest entry of an inbox that is not whole: what is below is pulled when it is read.</item>
/// <item>Looked for are the posts of pushed authors. One who is draining is pulled as well, so nothing of theirs is missing from a feed.</item>
/// <item>What is missing then is a suspect: it may be on its way. The audit pauses, notes the end of the log, waits until fan-out has passed it, and compares
/// the suspects again. Only what is missing both times is missing: whatever else happened to the reader (a follow, a return, a drop, a deletion) has
/// changed the inbox or what is expected of it by then.</item>
/// <item>What an inbox has too much is harmless: a read looks at each post itself. It is counted by why.</item>
/// <item>An inbox is dropped, not mended: the reader's next read rebuilds it from the timelines.</item>
/// </list>
/// Nobody notices an audit: readers aren't counted as here, and no inbox is made. One audit at a time; cancellation ends it between two readers.
/// </summary>
public sealed class AuditInboxes
{
    /// <summary>Readers that are drawn for one audit.</summary>
    public const int ReadersMax = 10_000;

    /// <summary>Missing posts that are named for a reader.</summary>
    public const int ExamplesMax = 5;

    private const int BatchReaders = 50;

    private readonly IInboxes _inboxes;
    private readonly IPostStore _posts;
    private readonly IPresence _presence;
    private readonly IEventLog _log;
    private readonly FanOutWorker _fanOut;
    private readonly TimeProvider _clock;
    private readonly Skeleton _skeleton;

    private readonly PostId[] _suspects = new PostId[IInboxes.CapEntries];
    private readonly PostId[] _extras = new PostId[IInboxes.CapEntries];
    private readonly PostHeader[] _headers = new PostHeader[IInboxes.CapEntries];

    public AuditInboxes(
        IInboxes inboxes, IPostStore posts, IGraphStore graph, IFanOutModes modes, IPresence presence, IEventLog log, FanOutWorker fanOut,
        TimeProvider clock)
    {
        (_inboxes, _posts, _presence, _log, _fanOut, _clock) = (inboxes, posts, presence, log, fanOut, clock);
        _skeleton = new Skeleton(inboxes, posts, graph, modes);
    }

    /// <summary>The rest after each batch of 50 readers. Default 100 ms, so at most 500 readers in a second.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Readers who were here lately, drawn so that each is as likely as any other, rising by id.</summary>
    /// <param name="max">1 to <see cref="ReadersMax"/>.</param>
    /// <param name="seed">Another one draws others.</param>
    public async ValueTask<IReadOnlyList<UserId>> DrawAsync(int max, ulong seed, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, ReadersMax);
        // A reservoir: the i-th reader takes one of the places with a chance of max / i.
        var (drawn, met, dice) = (new List<UserId>(max), 0L, Mixing.Mix(seed));
        var stretch = new UserId[1_024];
        for (UserId after = default; ;)
        {
            var count = await _presence.ListAsync(after, stretch, ct);
            for (var i = 0; i < count; i++)
            {
                after = stretch[i];
                dice = Mixing.Mix(dice);
                var place = (long)(Mixing.Fraction(dice) * ++met);
                if (drawn.Count < max) drawn.Add(after);
                else if (place < max) drawn[(int)place] = after;
            }
            if (count < stretch.Length)
                return [.. drawn.Order()];
        }
    }

    /// <summary>Looks at all the readers of an audit, and tells it what is found.</summary>
    public async Task RunAsync(Audit audit, CancellationToken ct)
    {
        var found = AuditFigures.None;
        try
        {
            for (var from = 0; from < audit.Readers.Count; from += BatchReaders)
            {
                var suspects = new List<Suspect>();
                for (var i = from; i < Math.Min(from + BatchReaders, audit.Readers.Count); i++)
                {
                    ct.ThrowIfCancellationRequested();
                    found = await LookAsync(audit.Readers[i], found, suspects, ct);
                    audit.Tell(found);
                }
                if (Pause > TimeSpan.Zero)
                    await Task.Delay(Pause, _clock, ct);
                if (suspects.Count > 0)
                    await _fanOut.PassedAsync(_log.End, ct);
                foreach (var suspect in suspects)
                {
                    found = await LookAgainAsync(audit, suspect, found, ct);
                    audit.Tell(found);
                }
            }
            audit.End(AuditState.Done, Now());
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            audit.End(AuditState.Cancelled, Now());
        }
    }

    /// <summary>Drops the inboxes that an audit found to lack something and that weren't dropped yet.</summary>
    public async ValueTask RepairAsync(Audit audit, CancellationToken ct)
    {
        var found = audit.Figures;
        var broken = found.Incomplete.Where(reader => !reader.Repaired).Select(reader => reader.Reader).ToArray();
        await _inboxes.DropAsync(broken, ct);
        audit.Tell(found with { Incomplete = [.. found.Incomplete.Select(reader => reader with { Repaired = true })] });
    }

    private long Now() => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async ValueTask<AuditFigures> LookAsync(UserId reader, AuditFigures found, List<Suspect> suspects, CancellationToken ct)
    {
        using var work = FeedWorkspace.Rent(reader);
        found = found with { Looked = found.Looked + 1 };
        if (await CompareAsync(work, reader, ct) is not { } compared)
            return found;
        if (compared.Missing > 0)
            suspects.Add(new Suspect(reader, compared.Present, _suspects[..compared.Missing]));
        var extra = await ExplainAsync(work, compared.Extra, ct);
        return found with
        {
            Compared = found.Compared + 1,
            Present = found.Present + compared.Present,
            Extra = new AuditExtra(
                found.Extra.Unfollowed + extra.Unfollowed, found.Extra.Deleted + extra.Deleted, found.Extra.Pulled + extra.Pulled,
                found.Extra.Unexplained + extra.Unexplained),
        };
    }

    private async ValueTask<AuditFigures> LookAgainAsync(Audit audit, Suspect suspect, AuditFigures found, CancellationToken ct)
    {
        using var work = FeedWorkspace.Rent(suspect.Reader);
        var compared = await CompareAsync(work, suspect.Reader, ct);
        var missing = compared is { } again ? suspect.Posts.Intersect(_suspects[..again.Missing]).ToArray() : [];
        // The workspace still holds the inbox: what has arrived is in it.
        var arrived = compared is { } now ? suspect.Posts.Intersect(work.Inbox[..now.InboxCount]).Count() : 0;
        found = found with
        {
            Present = found.Present + arrived,
            Missing = found.Missing + missing.Length,
            Rechecked = found.Rechecked + suspect.Posts.Length - missing.Length,
        };
        if (missing.Length == 0)
            return found;
        if (audit.Repair)
            await _inboxes.DropAsync(new[] { suspect.Reader }, ct);
        var reader = new AuditedReader(
            suspect.Reader, suspect.Present + arrived + missing.Length, missing.Length, audit.Repair, [.. missing.Take(ExamplesMax)]);
        return found with { Incomplete = found.Incomplete.Add(reader) };
    }

    /// <summary>Fills <see cref="_suspects"/> and <see cref="_extras"/>, and leaves the inbox and the reader's authors in the workspace.</summary>
    /// <returns>Null where there is no inbox.</returns>
    private async ValueTask<Compared?> CompareAsync(FeedWorkspace work, UserId reader, CancellationToken ct)
    {
        var inbox = await _inboxes.PeekAsync(reader, work.Inbox, ct);
        if (inbox.Count < 0)
            return null;
        await _skeleton.SourcesAsync(work, reader, ct);
        work.PushedCount = 0;
        for (var i = 0; i < work.FollowingCount; i++)
        {
            if (work.Modes[i] == FanOutMode.Push)
                work.Pushed[work.PushedCount++] = work.Following[i];
        }
        var pulled = await _posts.NewestAsync(work.Pushed.AsMemory(0, work.PushedCount), PostId.Last, work.PulledIds, ct);
        var compared = Compare(
            work.Inbox.AsSpan(0, inbox.Count), inbox.IsWhole, work.PulledIds.AsSpan(0, pulled), pulled < work.PulledIds.Length);
        return compared with { Missing = await DropGoneAsync(compared.Missing, ct) };
    }

    private Compared Compare(ReadOnlySpan<PostId> inbox, bool inboxIsWhole, ReadOnlySpan<PostId> pulled, bool pulledIsWhole)
    {
        var inboxFloor = inboxIsWhole ? 0 : inbox.Length > 0 ? inbox[^1].Value : long.MaxValue;
        var pulledFloor = pulledIsWhole ? 0 : pulled[^1].Value;
        var (i, p, present, missing, extra) = (0, 0, 0, 0, 0);
        while (i < inbox.Length || p < pulled.Length)
        {
            var (ours, theirs) = (i < inbox.Length ? inbox[i].Value : -1, p < pulled.Length ? pulled[p].Value : -1);
            if (ours == theirs)
            {
                present++;
                (i, p) = (i + 1, p + 1);
            }
            else if (ours > theirs)
            {
                if (ours >= pulledFloor) _extras[extra++] = inbox[i];
                i++;
            }
            else
            {
                if (theirs >= inboxFloor) _suspects[missing++] = pulled[p];
                p++;
            }
        }
        return new Compared(inbox.Length, present, missing, extra);
    }

    /// <summary>Deleted posts may be in a timeline: nobody misses them.</summary>
    /// <returns>How many suspects are left.</returns>
    private async ValueTask<int> DropGoneAsync(int suspects, CancellationToken ct)
    {
        await _posts.HeadersAsync(_suspects.AsMemory(0, suspects), _headers.AsMemory(0, suspects), ct);
        var left = 0;
        for (var i = 0; i < suspects; i++)
        {
            if (_headers[i].Exists)
                _suspects[left++] = _suspects[i];
        }
        return left;
    }

    private async ValueTask<AuditExtra> ExplainAsync(FeedWorkspace work, int extras, CancellationToken ct)
    {
        await _posts.HeadersAsync(_extras.AsMemory(0, extras), _headers.AsMemory(0, extras), ct);
        var (unfollowed, deleted, pulled, unexplained) = (0, 0, 0, 0);
        foreach (ref readonly var header in _headers.AsSpan(0, extras))
        {
            var at = work.Following.AsSpan(0, work.FollowingCount).IndexOf(header.Author);
            if (!header.Exists) deleted++;
            else if (at < 0) unfollowed++;
            else if (work.Modes[at] != FanOutMode.Push) pulled++;
            else unexplained++;
        }
        return new AuditExtra(unfollowed, deleted, pulled, unexplained);
    }

    /// <param name="Missing">In <see cref="_suspects"/>.</param>
    /// <param name="Extra">In <see cref="_extras"/>.</param>
    private readonly record struct Compared(int InboxCount, int Present, int Missing, int Extra);

    private sealed record Suspect(UserId Reader, int Present, PostId[] Posts);
}
