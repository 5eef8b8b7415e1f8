using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>What came of a candidate that was shown: whether the reader liked, commented on, shared or hid it.</summary>
/// <param name="DwellMs">How long it was on the screen; null where nobody told.</param>
public readonly record struct Outcome(bool Like, bool Comment, bool Share, bool Hide, uint? DwellMs = null);

/// <summary>A logged page and what came of it.</summary>
/// <param name="Outcomes">For each candidate; nothing for one that wasn't shown.</param>
public sealed record JoinedSlate(Slate Slate, Outcome[] Outcomes);

/// <summary>
/// Joins the logged pages with the log of events. An act counts for a page where the reader did it within the window after the page was served,
/// and for the last such page that showed the post. Taking a like back doesn't unmake it: the interest was there.
/// Slates are taken in stretches of <see cref="StretchSlates"/>; for each the events of its time are read once.
/// </summary>
public sealed class JoinOutcomes(ISlateLog slates, IEventLog events)
{
    private const int StretchSlates = 4_096, EventsAtOnce = 4_096;
    private const int LeftFlag = 256;

    public static readonly TimeSpan WindowDefault = TimeSpan.FromHours(24);

    /// <param name="window">Acts later than this after the page don't count.</param>
    public async IAsyncEnumerable<JoinedSlate> ReadAsync(TimeSpan window, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var (end, place, position) = (events.End, 0L, 0L);
        while (true)
        {
            var stretch = await slates.ReadAsync(place, StretchSlates, ct);
            if (stretch.Count == 0)
                yield break;
            place = stretch[^1].Place;
            var joined = stretch.Select(logged => new JoinedSlate(logged.Slate, new Outcome[logged.Slate.Count])).ToArray();
            position = await JoinAsync(joined, (long)window.TotalMilliseconds, position, end, ct);
            foreach (var slate in joined)
                yield return slate;
        }
    }

    /// <returns>The position before the first event that a later stretch could need.</returns>
    private async ValueTask<long> JoinAsync(JoinedSlate[] stretch, long windowMs, long position, long end, CancellationToken ct)
    {
        var shown = Shown(stretch);
        var firstUnixMs = stretch.Min(joined => joined.Slate.UnixMs);
        var lastUnixMs = stretch.Max(joined => joined.Slate.UnixMs) + windowMs;
        var next = position;
        var read = new Event[EventsAtOnce];
        while (position < end)
        {
            var count = await ReadOrSkipAsync(position, read, ct);
            foreach (var happened in read.AsSpan(0, count))
            {
                position = happened.Position;
                if (happened.UnixMs < firstUnixMs)
                    next = position;
                else if (happened.UnixMs <= lastUnixMs)
                    Note(stretch, shown, happened, windowMs);
            }
            if (count > 0 && read[count - 1].UnixMs > lastUnixMs)
                break;
        }
        return next;
    }

    /// <summary>What the log has forgotten nobody can join: the reading goes on where it begins now.</summary>
    private async ValueTask<int> ReadOrSkipAsync(long position, Event[] into, CancellationToken ct)
    {
        try
        {
            return await events.ReadAsync(position, into, ct);
        }
        catch (EventsExpiredException expired)
        {
            return await events.ReadAsync(expired.First - 1, into, ct);
        }
    }

    private static Dictionary<(UserId, PostId), List<(int Slate, int Candidate)>> Shown(JoinedSlate[] stretch)
    {
        var shown = new Dictionary<(UserId, PostId), List<(int, int)>>();
        for (var s = 0; s < stretch.Length; s++)
        {
            var slate = stretch[s].Slate;
            for (var c = 0; c < slate.Count; c++)
            {
                if (slate.Entries[c].Position < 0)
                    continue;
                ref var places = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                    shown, (slate.Reader, slate.Entries[c].Post), out _);
                (places ??= []).Add((s, c));
            }
        }
        return shown;
    }

    private static void Note(
        JoinedSlate[] stretch, Dictionary<(UserId, PostId), List<(int Slate, int Candidate)>> shown, in Event happened, long windowMs)
    {
        if (happened.Kind is not (EventKind.MarkChanged or EventKind.Commented)
            || (happened.Kind == EventKind.MarkChanged && (happened.Detail & LeftFlag) == 0)
            || !shown.TryGetValue((happened.Actor, happened.Post), out var places))
            return;
        var at = happened.UnixMs;
        var last = places.FindLastIndex(place => stretch[place.Slate].Slate.UnixMs <= at && at <= stretch[place.Slate].Slate.UnixMs + windowMs);
        if (last < 0)
            return;
        ref var outcome = ref stretch[places[last].Slate].Outcomes[places[last].Candidate];
        outcome = happened.Kind == EventKind.Commented
            ? outcome with { Comment = true }
            : (Mark)(byte)happened.Detail switch
            {
                Mark.Like => outcome with { Like = true },
                Mark.Share => outcome with { Share = true },
                _ => outcome with { Hide = true },
            };
    }
}
