using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>
/// The public posts of the last day that are popular now, for readers who follow nobody yet and for whoever looks around.
/// <list type="number">
/// <item>Whatever was published or engaged with becomes a candidate, as the log of events tells it. From time to time all candidates are scored by the first pass,
/// as the profile of everybody has it, without affinity: the best <see cref="KeptMax"/> stay, the others come back when somebody engages with them.</item>
/// <item>So the list is as old as the last step, and its order is the same for all. What of it a viewer gets is decided at the read: nothing between whom and its author a
/// block stands, nothing muted or hidden, and no more posts of one author than the profile lets on a page.</item>
/// </list>
/// Memory is bounded: what is kept, and the posts of <see cref="EventsMax"/> events during a step. Where more have happened since the last one, or before the
/// start, the newest count. One step at a time; reads are free.
/// </summary>
public sealed class PopularPosts(IEventLog log, IPostStore posts, IGraphStore graph, IEngagementStore engagement, RankingPlans plans, TimeProvider clock)
{
    public const int KeptMax = 4_096;

    /// <summary>Events that one step looks at.</summary>
    public const int EventsMax = 65_536;

    /// <summary>Posts that a read gives.</summary>
    public const int ReadMax = 100;

    private const int Stretch = 256;

    /// <summary>In the detail of a changed mark: it was left, not taken back.</summary>
    private const int LeftFlag = 256;

    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(1);

    private readonly Event[] _events = new Event[1_024];
    private readonly PostHeader[] _headers = new PostHeader[Stretch];
    private volatile PostId[] _kept = [];
    private long _read, _position;

    /// <summary>The list knows of all events up to here.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>The most popular first.</summary>
    public IReadOnlyList<PostId> Kept => _kept;

    /// <summary>Takes in what has happened since the last step, and makes the list anew.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        var candidates = new HashSet<PostId>(_kept);
        await ReadEventsAsync(candidates, ct);
        var (profile, now) = (new FirstPass(plans.Profile), clock.GetUtcNow().ToUnixTimeMilliseconds());
        var scored = new List<(PostId Post, float Score)>();
        // An id tells its time, so what is too old isn't even looked up: it may be on disk only.
        foreach (var ids in candidates.Where(post => now - post.UnixMs < AgeMax.TotalMilliseconds).Chunk(Stretch))
        {
            await posts.HeadersAsync(ids, _headers.AsMemory(0, ids.Length), ct);
            foreach (ref readonly var header in _headers.AsSpan(0, ids.Length))
            {
                if (IsCandidate(header))
                    scored.Add((header.Id, profile.Score(header, affinity: 0, now)));
            }
        }
        _kept = [.. scored.OrderByDescending(one => one.Score).ThenByDescending(one => one.Post.Value).Take(KeptMax).Select(one => one.Post)];
        Volatile.Write(ref _position, _read);
    }

    /// <summary>What is popular and the viewer may be shown, the most popular first.</summary>
    /// <param name="max">1 to <see cref="ReadMax"/>.</param>
    public async ValueTask<IReadOnlyList<PostHeader>> ReadAsync(UserId viewer, int max, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, ReadMax);
        var (headers, ties, hidden) = (new PostHeader[Stretch], new Tie[Stretch], new bool[Stretch]);
        var perAuthorMax = plans.Profile.PerAuthorMax;
        var (read, perAuthor) = (new List<PostHeader>(max), new Dictionary<UserId, int>());
        foreach (var ids in _kept.Chunk(Stretch))
        {
            var count = ids.Length;
            await posts.HeadersAsync(ids, headers.AsMemory(0, count), ct);
            var authors = Array.ConvertAll(headers[..count], header => header.Author);
            await graph.TiesAsync(viewer, authors, ties.AsMemory(0, count), ct);
            await engagement.MarkedAsync(viewer, Mark.Hide, ids, hidden.AsMemory(0, count), ct);
            for (var i = 0; i < count; i++)
            {
                // What was public when the list was made may be for friends only by now: then it is not for this list.
                if (!IsCandidate(headers[i]) || Visibility.CanSeeUnasked(viewer, headers[i], ties[i], inAudience: false, hidden[i]) != Sight.Visible)
                    continue;
                var of = perAuthor.GetValueOrDefault(headers[i].Author);
                if (of == perAuthorMax)
                    continue;
                perAuthor[headers[i].Author] = of + 1;
                read.Add(headers[i]);
                if (read.Count == max)
                    return read;
            }
        }
        return read;
    }

    private static bool IsCandidate(in PostHeader header) => header.Exists && header.Audience == Audience.Public;

    private async ValueTask ReadEventsAsync(HashSet<PostId> candidates, CancellationToken ct)
    {
        var end = log.End;
        _read = Math.Max(_read, end - EventsMax);
        while (_read < end)
        {
            var count = await ReadAsync(ct);
            foreach (ref readonly var happened in _events.AsSpan(0, count))
            {
                if (Concerns(happened))
                    candidates.Add(happened.Post);
            }
            if (count > 0)
                _read = _events[count - 1].Position;
        }
    }

    /// <returns>0 where the log has been swept meanwhile: it goes on where the log begins.</returns>
    private async ValueTask<int> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await log.ReadAsync(_read, _events, ct);
        }
        catch (EventsExpiredException e)
        {
            _read = e.First - 1;
            return 0;
        }
    }

    private static bool Concerns(in Event happened) => happened.Kind switch
    {
        EventKind.PostPublished or EventKind.Commented => true,
        EventKind.MarkChanged => (happened.Detail & LeftFlag) != 0 && (Mark)(happened.Detail & 0xFF) != Mark.Hide,
        _ => false,
    };
}
