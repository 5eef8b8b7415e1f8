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
public sealed class JoinOutcomes(ISlateLog slates, IEventLog events, ISeenPosts seen)
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
        var readers = stretch.Select(joined => joined.Slate.Reader).ToHashSet();
        var next = position;
        var read = new Event[EventsAtOnce];
        while (position < end)
        {
            var count = await ReadOrSkipAsync(position, read, ct);
            for (var i = 0; i < count; i++)
            {
                position = read[i].Position;
                if (read[i].UnixMs < firstUnixMs)
                    next = position;
                else if (read[i].UnixMs <= lastUnixMs)
                    await NoteAsync(stretch, shown, readers, read[i], windowMs, ct);
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

    private async ValueTask NoteAsync(
        JoinedSlate[] stretch, Dictionary<(UserId, PostId), List<(int Slate, int Candidate)>> shown, HashSet<UserId> readers, Event happened,
        long windowMs, CancellationToken ct)
    {
        if (happened.Kind == EventKind.Commented)
        {
            Change(happened.Post, outcome => outcome with { Comment = true });
        }
        else if (happened.Kind == EventKind.MarkChanged && (happened.Detail & LeftFlag) != 0)
        {
            Change(happened.Post, outcome => (Mark)(byte)happened.Detail switch
            {
                Mark.Like => outcome with { Like = true },
                Mark.Share => outcome with { Share = true },
                _ => outcome with { Hide = true },
            });
        }
        else if (happened.Kind == EventKind.PostsShown && readers.Contains(happened.Actor))
        {
            foreach (var impression in await seen.ReportAsync(happened, ct))
                Change(impression.Post, outcome => outcome with { DwellMs = Math.Max(outcome.DwellMs ?? 0, impression.DwellMs) });
        }

        void Change(PostId post, Func<Outcome, Outcome> change)
        {
            if (!shown.TryGetValue((happened.Actor, post), out var places))
                return;
            var last = places.FindLastIndex(place =>
                stretch[place.Slate].Slate.UnixMs <= happened.UnixMs && happened.UnixMs <= stretch[place.Slate].Slate.UnixMs + windowMs);
            if (last < 0)
                return;
            ref var outcome = ref stretch[places[last].Slate].Outcomes[places[last].Candidate];
            outcome = change(outcome);
        }
    }
}
