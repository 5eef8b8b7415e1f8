using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Feeds;

/// <summary>
/// The candidates of a read: inbox ∪ timelines of pulled authors, newest first, each once, at most 1,000.
/// 1. The reader's own posts are always pulled: what one posts is there at once.
/// 2. Who is pulled is decided once, before the inbox is read, so an author who changes sides meanwhile is in one of the two.
/// 3. A missing inbox is rebuilt here from the timelines of the pushed authors, and equals the one that push would have made: an inbox is
///    opened first, so what is delivered during the rebuild is kept, and the authors are read after that, so a change of theirs is
///    either seen or drops the inbox.
/// 4. Below the oldest entry of an inbox that is not whole nothing is known of the pushed authors: there the candidates end, and the next
///    block is pulled from everyone's timelines.
/// </summary>
internal sealed class Skeleton(IInboxes inboxes, IPostStore posts, IGraphStore graph, IFanOutModes modes)
{
    private const int RebuildTriesMax = 3;

    /// <summary>Fills <see cref="FeedWorkspace.Ids"/> with the candidates older than <paramref name="before"/>.</summary>
    /// <param name="enough">So many of the inbox do at the top of a feed; lower down it is looked through whole.</param>
    public async ValueTask GatherAsync(FeedWorkspace work, UserId reader, PostId before, int enough, CancellationToken ct)
    {
        await SourcesAsync(work, reader, ct);
        var room = before == PostId.Last ? Math.Min(enough, FeedWorkspace.CandidatesMax) : FeedWorkspace.CandidatesMax;
        var inbox = await inboxes.ReadAsync(reader, work.Inbox.AsMemory(0, room), ct);
        if (inbox.Count < 0)
            inbox = await RebuildAsync(work, reader, ct);
        await CandidatesAsync(work, reader, inbox, before, ct);
    }

    /// <summary>The newest candidates as <see cref="GatherAsync"/> would find them, and nobody notices: the reader wasn't here, and an inbox that is missing is
    /// looked up and not kept.</summary>
    public async ValueTask PeekAsync(FeedWorkspace work, UserId reader, CancellationToken ct)
    {
        await SourcesAsync(work, reader, ct);
        var inbox = await inboxes.PeekAsync(reader, work.Inbox, ct);
        if (inbox.Count < 0)
            inbox = await PulledInboxAsync(work, ct);
        await CandidatesAsync(work, reader, inbox, PostId.Last, ct);
    }

    private async ValueTask CandidatesAsync(FeedWorkspace work, UserId reader, InboxRead inbox, PostId before, CancellationToken ct)
    {

        var from = FirstOlder(work.Inbox.AsSpan(0, inbox.Count), before);
        if (from == inbox.Count && !inbox.IsWhole)
        {
            work.Following[work.FollowingCount] = reader;
            var everyone = work.Following.AsMemory(0, work.FollowingCount + 1);
            work.Count = await posts.NewestAsync(everyone, before, work.Ids, ct);
            work.HasMore = work.Count == FeedWorkspace.CandidatesMax;
            return;
        }

        var pulled = await posts.NewestAsync(work.Pulled.AsMemory(0, work.PulledCount), before, work.PulledIds, ct);
        var floor = inbox.IsWhole ? PostId.None : work.Inbox[inbox.Count - 1];
        work.Count = Merge(work.Inbox.AsSpan(from, inbox.Count - from), work.PulledIds.AsSpan(0, pulled), floor, work.Ids);
        work.HasMore = !inbox.IsWhole || work.Count == FeedWorkspace.CandidatesMax;
    }

    /// <summary>Divides those whom the reader follows into pushed and pulled; an author who is draining is both.</summary>
    public async ValueTask SourcesAsync(FeedWorkspace work, UserId reader, CancellationToken ct)
    {
        work.FollowingCount = 0;
        while (true)
        {
            var after = work.FollowingCount == 0 ? default : work.Following[work.FollowingCount - 1];
            var room = work.Following.AsMemory(work.FollowingCount, work.Following.Length - work.FollowingCount - 1);
            var read = await graph.ListAsync(reader, TieList.Following, after, room, ct);
            work.FollowingCount += read;
            if (read < room.Length)
                break;
            work.GrowFollowing();
        }
        await modes.ModesAsync(work.Following.AsMemory(0, work.FollowingCount), work.Modes.AsMemory(0, work.FollowingCount), ct);

        var (pulled, pushed) = (0, 0);
        work.Pulled[pulled++] = reader;
        for (var i = 0; i < work.FollowingCount; i++)
        {
            if (work.Modes[i] != FanOutMode.Push) work.Pulled[pulled++] = work.Following[i];
            if (work.Modes[i] != FanOutMode.Pull) work.Pushed[pushed++] = work.Following[i];
        }
        (work.PulledCount, work.PushedCount) = (pulled, pushed);
    }

    private async ValueTask<InboxRead> RebuildAsync(FeedWorkspace work, UserId reader, CancellationToken ct)
    {
        FeedTelemetry.Rebuilds.Add(1);
        for (var tries = 1; ; tries++)
        {
            var ticket = await inboxes.OpenAsync(reader, ct);
            await SourcesAsync(work, reader, ct);
            var inbox = await PulledInboxAsync(work, ct);
            var kept = await inboxes.FillAsync(reader, ticket, work.Inbox.AsMemory(0, inbox.Count), ct);
            if (kept || tries == RebuildTriesMax)
                return inbox;
        }
    }

    /// <summary>What push would have made, from the timelines.</summary>
    private async ValueTask<InboxRead> PulledInboxAsync(FeedWorkspace work, CancellationToken ct)
    {
        var count = await posts.NewestAsync(work.Pushed.AsMemory(0, work.PushedCount), PostId.Last, work.Inbox, ct);
        return new InboxRead(count, IsWhole: count < FeedWorkspace.CandidatesMax);
    }

    private static int FirstOlder(ReadOnlySpan<PostId> newestFirst, PostId before)
    {
        var i = 0;
        while (i < newestFirst.Length && newestFirst[i].Value >= before.Value)
            i++;
        return i;
    }

    /// <summary>Merges two lists, newest first, down to the floor, each post once. The inbox ends at the floor or above, and mostly is by far the
    /// longer list: what of it lies between two others goes over in one piece.</summary>
    private static int Merge(ReadOnlySpan<PostId> inbox, ReadOnlySpan<PostId> pulled, PostId floor, Span<PostId> into)
    {
        var count = 0;
        foreach (var post in pulled)
        {
            if (post.Value < floor.Value || count == into.Length)
                break;
            var newer = CountNewer(inbox, post);
            count += CopyTo(inbox[..newer], into[count..]);
            inbox = inbox[newer..];
            if (count < into.Length && (inbox.Length == 0 || inbox[0] != post))
                into[count++] = post;
        }
        return count + CopyTo(inbox, into[count..]);
    }

    private static int CopyTo(ReadOnlySpan<PostId> posts, Span<PostId> into)
    {
        var count = Math.Min(posts.Length, into.Length);
        posts[..count].CopyTo(into);
        return count;
    }

    private static int CountNewer(ReadOnlySpan<PostId> newestFirst, PostId than)
    {
        var (low, high) = (0, newestFirst.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (newestFirst[middle].Value > than.Value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
