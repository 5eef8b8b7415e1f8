using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tidings.Adapters.Tests.Contracts;
using Tidings.Adapters.Tests.Record;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis;
using Tidings.Redis.Feeds;
using Xunit;

namespace Tidings.Adapters.Tests.Redis;

public sealed class TimelineTests(RedisServers servers) : IAsyncLifetime
{
    private RedisProfile _redis = null!;
    private Ports _record = null!;
    private CountedPosts _counted = null!;
    private IPostStore _posts = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Counts how often the record is asked for the newest posts.</summary>
    private sealed class CountedPosts(IPostStore inner) : IPostStore
    {
        public int Asked { get; private set; }

        public ValueTask<Result<Published>> PublishAsync(NewPost post, IdempotencyClaim? claim, CancellationToken ct) => inner.PublishAsync(post, claim, ct);

        public ValueTask<Result<PostHeader>> EditAsync(PostId post, UserId editor, PostEdit edit, int? ifVersion, CancellationToken ct) =>
            inner.EditAsync(post, editor, edit, ifVersion, ct);

        public ValueTask<Result<bool>> DeleteAsync(PostId post, UserId author, int? ifVersion, CancellationToken ct) =>
            inner.DeleteAsync(post, author, ifVersion, ct);

        public ValueTask HeadersAsync(ReadOnlyMemory<PostId> ids, Memory<PostHeader> into, CancellationToken ct) => inner.HeadersAsync(ids, into, ct);

        public ValueTask BodiesAsync(ReadOnlyMemory<PostId> ids, Memory<PostBody?> into, CancellationToken ct) => inner.BodiesAsync(ids, into, ct);

        public ValueTask<int> NewestAsync(ReadOnlyMemory<UserId> authors, PostId before, Memory<PostId> into, CancellationToken ct)
        {
            Asked++;
            return inner.NewestAsync(authors, before, into, ct);
        }
    }

    public async ValueTask InitializeAsync()
    {
        var (addresses, prefix) = await servers.MakeAsync();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        _record = await EmbeddedPorts.OpenAsync(clock);
        _redis = await RedisProfile.OpenAsync(RedisPorts.Options(addresses, prefix), clock, Ct);
        _counted = new CountedPosts(_record.Posts);
        _posts = _redis.Posts(_counted);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_record is not null)
            await _record.DisposeAsync();
    }

    [Fact]
    public async Task The_record_is_asked_for_an_author_once_and_what_is_published_then_is_there_at_once()
    {
        var author = await JoinAsync("ada");
        var posts = new List<PostId>();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Enumerable.Reverse(posts), await NewestAsync(author));
            posts.Add((await _posts.PublishAsync(Text(author), null, Ct)).Value.Id);
        }
        Assert.Equal(1, _counted.Asked);
    }

    [Fact]
    public async Task A_post_that_did_not_get_here_when_it_was_published_comes_by_the_log()
    {
        var author = await JoinAsync("ada");
        Assert.Empty(await NewestAsync(author));
        var position = _record.Events.End;
        // As where the way to Redis is away.
        var post = (await _record.Posts.PublishAsync(Text(author), null, Ct)).Value.Id;
        Assert.Empty(await NewestAsync(author));

        var carrier = _redis.Carrier(_counted, _record.Events, position);
        await carrier.StepAsync(Ct);
        Assert.Equal(_record.Events.End, carrier.Position);
        Assert.Equal([post], await NewestAsync(author));
        Assert.Equal(1, _counted.Asked);
    }

    /// <summary>Some have fewer posts than a timeline holds, some more, and some are asked for in between.</summary>
    [Fact]
    public async Task The_newest_of_several_are_what_the_record_would_give()
    {
        var authors = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => JoinAsync($"author_{i}")));
        int[] counts = [AuthorTimelines.CapEntries + 300, 700, 3, 0];
        var order = counts.SelectMany((count, author) => Enumerable.Repeat(author, count)).ToArray();
        var dice = new PCG(7);
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = (int)dice.Next((uint)i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        foreach (var stretch in order.Chunk(400))
        {
            foreach (var author in stretch)
                await _posts.PublishAsync(Text(authors[author]), null, Ct);
            foreach (var asked in new UserId[][] { [authors[0]], [authors[1], authors[2]], [authors[3], authors[0], authors[1]], authors })
            {
                foreach (var room in new[] { 1, 50, AuthorTimelines.CapEntries })
                    Assert.Equal(await NewestAsync(_record.Posts, asked, room), await NewestAsync(_posts, asked, room));
            }
        }
    }

    private async Task<UserId> JoinAsync(string handle) => (await _record.People.AddAsync(new NewPerson(handle, handle, "", []), Ct)).Value;

    private Task<PostId[]> NewestAsync(UserId author) => NewestAsync(_posts, [author], 100);

    private static async Task<PostId[]> NewestAsync(IPostStore posts, UserId[] authors, int room)
    {
        var into = new PostId[room];
        return into[..await posts.NewestAsync(authors, PostId.Last, into, Ct)];
    }

    private static NewPost Text(UserId author) => new(author, PostType.Text, Audience.Public, default, new PostBody("hello", []));
}
