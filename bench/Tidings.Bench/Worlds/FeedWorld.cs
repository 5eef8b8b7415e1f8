using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Import;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Worlds;

/// <summary>
/// A whole record and its memory, with
/// <list type="bullet">
/// <item>1,000 readers who follow 100 of 20,000 authors with 5 posts each, of the last two days: 500 candidates, some of them engaged with;</item>
/// <item>1,000 readers who follow 200 of 5,000 authors with 40 posts each: what a rebuild has to merge;</item>
/// <item>an author with 9,900 followers, who is pushed, and one with 20,000, who is pulled.</item>
/// </list>
/// Readers take turns, so that no read finds its predecessor's tables in the cache.
/// </summary>
internal sealed class FeedWorld : IAsyncDisposable
{
    public const int Readers = 1_000, Candidates = 500, Seen = 100, RebuildFollowees = 200, PushedFollowers = 9_900, PulledFollowers = 20_000;

    private const int Authors = 20_000, AuthorPosts = 5, BusyAuthors = 5_000, BusyPosts = 40, Likes = 20_000;
    private const int FirstReader = 1, FirstReturning = FirstReader + Readers, FirstAuthor = FirstReturning + Readers;
    private const int FirstBusy = FirstAuthor + Authors, PushedAuthor = FirstBusy + BusyAuthors, PulledAuthor = PushedAuthor + 1;
    private const int FirstFollower = PulledAuthor + 1, People = FirstFollower + PulledFollowers - 1;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder _folder = new();
    private readonly UserId[] _one = new UserId[1];
    private Engine _engine = null!;
    private int _turn;

    private FeedWorld()
    {
    }

    public Engine Engine => _engine;

    public static async Task<FeedWorld> OpenAsync()
    {
        var world = new FeedWorld();
        var options = new EmbeddedOptions { DataFolder = world._folder.Path, HotPostsMax = 1 << 20, FreeBytesMin = 0 };
        await using (var profile = await EmbeddedProfile.OpenAsync(options, TimeProvider.System, null, None))
            await FillAsync(profile.Bulk);
        world._engine = await Engine.OpenAsync(options);
        await world.EngageAsync();
        await world.GatherFollowersAsync();
        for (var reader = 0; reader < Readers; reader++)
            world.ReadRanked();
        return world;
    }

    /// <summary>The top page of the ranked feed.</summary>
    public int ReadRanked() => Read(FirstReader + NextTurn(), new FeedQuery(FeedOrder.Ranked, FeedQuery.LimitDefault, null));

    public int ReadLatest() => Read(FirstReader + NextTurn(), new FeedQuery(FeedOrder.Latest, FeedQuery.LimitDefault, null));

    /// <summary>Everyone reports the top of their feed as seen, and reads once, which makes their filters.</summary>
    public async Task ShowAsync()
    {
        for (var reader = FirstReader; reader < FirstReader + Readers; reader++)
        {
            using var page = (await _engine.ReadFeed.ExecuteAsync(new UserId(reader), new FeedQuery(FeedOrder.Ranked, Seen, null), None)).Value;
            var shown = Array.ConvertAll(page.Items.ToArray(), item => new Impression(item.Header.Id, 1_000));
            await _engine.Profile.SeenPosts.NoteAsync(new UserId(reader), shown, None);
            ReadRanked();
        }
    }

    /// <summary>Forgets the inbox of a reader who follows 200, so that <see cref="ReadReturning"/> has to rebuild it.</summary>
    public void DropInbox()
    {
        _one[0] = new UserId(FirstReturning + NextTurn());
        _engine.Profile.Inboxes.DropAsync(_one, None).AsTask().Wait();
    }

    public int ReadReturning() => Read(_one[0].Value, new FeedQuery(FeedOrder.Ranked, FeedQuery.LimitDefault, null));

    /// <summary>Commits posts of one author, leaving their fan-out to <see cref="Engine.FanOut"/>.</summary>
    public void Publish(bool pulled, int posts)
    {
        var author = new UserId(pulled ? PulledAuthor : PushedAuthor);
        for (var i = 0; i < posts; i++)
        {
            var post = new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("From someone whom many read.", []));
            _ = _engine.Publish.ExecuteAsync(post, null, None).AsTask().Result.Value;
        }
    }

    /// <summary>Delivers everything, on this thread: there is something to do at each step, so no step waits.</summary>
    public void DrainFanOut()
    {
        while (!_engine.IsFanOutDone)
        {
            var step = _engine.FanOut.StepAsync(None);
            if (!step.IsCompletedSuccessfully)
                throw new InvalidOperationException("Fan-out waits.");
            _ = step.Result;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private int NextTurn() => _turn = (_turn + 1) % Readers;

    private int Read(long reader, FeedQuery query)
    {
        var read = _engine.ReadFeed.ExecuteAsync(new UserId(reader), query, None);
        using var page = (read.IsCompletedSuccessfully ? read.Result : read.AsTask().Result).Value;
        return page.Items.Length == query.Limit ? page.Items.Length : throw new InvalidOperationException("The page is short.");
    }

    private static async Task FillAsync(IBulkLoad bulk)
    {
        var random = new Random(3);
        await Seeding.PeopleAsync(bulk, People);
        var follows = Enumerable.Range(0, Readers)
            .SelectMany(r => Sample(random, FirstReader + r, FirstAuthor, Authors, Candidates / AuthorPosts))
            .Concat(Enumerable.Range(0, Readers).SelectMany(r => Sample(random, FirstReturning + r, FirstBusy, BusyAuthors, RebuildFollowees)))
            .Concat(Enumerable.Range(FirstFollower, PushedFollowers).Select(f => (new UserId(f), new UserId(PushedAuthor))))
            .Concat(Enumerable.Range(FirstFollower, PulledFollowers - 1).Select(f => (new UserId(f), new UserId(PulledAuthor))));
        await Seeding.FollowsAsync(bulk, "follows", follows);

        var authors = Enumerable.Range(0, Authors * AuthorPosts).Select(i => FirstAuthor + i % Authors)
            .Concat(Enumerable.Range(0, BusyAuthors * BusyPosts).Select(i => FirstBusy + i % BusyAuthors)).ToArray();
        random.Shuffle(authors);
        var start = TimeProvider.System.GetUtcNow().AddDays(-2).ToUnixTimeMilliseconds();
        var stepMs = TimeSpan.FromDays(2).TotalMilliseconds / authors.Length;
        await Seeding.PostsAsync(bulk, "posts", authors.Select((author, i) =>
            Seeding.Post(new UserId(author), "A post of some length, as people write them when they have a moment.", start + (long)(i * stepMs))));
    }

    private static IEnumerable<(UserId, UserId)> Sample(Random random, int follower, int first, int count, int followees)
    {
        var chosen = new SortedSet<int>();
        while (chosen.Count < followees)
            chosen.Add(first + random.Next(count));
        return chosen.Select(followee => (new UserId(follower), new UserId(followee)));
    }

    private async Task EngageAsync()
    {
        var random = new Random(4);
        var ids = new PostId[AuthorPosts];
        var waiting = new List<Task>();
        for (var i = 0; i < Likes; i++)
        {
            var author = new UserId(FirstAuthor + random.Next(Authors));
            await _engine.Profile.Posts.NewestAsync(new[] { author }, PostId.Last, ids, None);
            var reader = new UserId(FirstReader + random.Next(Readers));
            waiting.Add(_engine.Mark.ExecuteAsync(reader, ids[random.Next(AuthorPosts)], Mark.Like, true, None).AsTask());
            if (waiting.Count < 1_000)
                continue;
            await Task.WhenAll(waiting);
            waiting.Clear();
        }
        await Task.WhenAll(waiting);
    }

    /// <summary>Everyone in the crowd is online and has an inbox; the follow that was left out carries the pulled author over the threshold.</summary>
    private async Task GatherFollowersAsync()
    {
        for (var follower = FirstFollower; follower <= People; follower++)
        {
            using var page = (await _engine.ReadFeed.ExecuteAsync(new UserId(follower), new FeedQuery(FeedOrder.Latest, 1, null), None)).Value;
        }
        await _engine.Profile.Graph.ChangeAsync(new UserId(People), TieAction.Follow, new UserId(PulledAuthor), None);
        await _engine.DrainFanOutAsync();
    }
}
