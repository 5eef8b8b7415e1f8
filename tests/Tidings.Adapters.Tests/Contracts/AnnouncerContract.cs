using Tidings.Events;
using Tidings.FanOut;
using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class AnnouncerContract : Contract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private LiveReaders _readers = null!;
    private LiveRelay _relay = null!;
    private IAnnouncer _announcer = null!;

    [Fact]
    public async Task A_delivered_post_is_told_to_those_it_was_brought_to_and_to_nobody_else()
    {
        await BeginAsync();
        var (author, other) = (await JoinAsync(), await JoinAsync());
        var (reader, stranger) = (await FollowerAsync(author), await FollowerAsync(author, other));
        var (told, untold) = (await OpenAsync(reader), await OpenAsync(stranger));
        Assert.True(_announcer.IsHeard);

        var post = await HappenedAsync(await PublishAsync(author), EventKind.PostPublished);
        await _announcer.DeliveredAsync(post, new[] { reader, new UserId(9_999) }, Ct);
        var later = await HappenedAsync(await PublishAsync(other), EventKind.PostPublished);
        await _announcer.DeliveredAsync(later, new[] { stranger }, Ct);

        Assert.Equal((FrameKind.Posted, post.Post), await NextAsync(told));
        Assert.Equal((FrameKind.Posted, later.Post), await NextAsync(untold));
    }

    [Fact]
    public async Task A_relayed_post_is_told_to_all_who_follow_the_author_and_are_here()
    {
        await BeginAsync();
        var author = await JoinAsync();
        var followers = new List<LiveConnection>();
        for (var i = 0; i < 5; i++)
            followers.Add(await OpenAsync(await FollowerAsync(author)));
        var post = await HappenedAsync(await PublishAsync(author), EventKind.PostPublished);

        for (var from = await _announcer.RelayAsync(post, 0, Ct); from > 0;)
            from = await _announcer.RelayAsync(post, from, Ct);

        foreach (var follower in followers)
            Assert.Equal((FrameKind.Posted, post.Post), await NextAsync(follower));
    }

    [Fact]
    public async Task What_happens_to_a_post_is_told_in_its_order()
    {
        await BeginAsync();
        var author = await JoinAsync();
        var reader = await FollowerAsync(author);
        var connection = await OpenAsync(reader);
        var posts = new List<PostId>();
        for (var i = 0; i < 10; i++)
        {
            posts.Add(await PublishAsync(author));
            await _announcer.DeliveredAsync(await HappenedAsync(posts[i], EventKind.PostPublished), new[] { reader }, Ct);
        }
        foreach (var post in posts)
            Assert.Equal((FrameKind.Posted, post), await NextAsync(connection));

        _relay.Watch(connection, posts);
        await Ports.Posts.EditAsync(posts[3], author, new PostEdit("mended", null, default), null, Ct);
        await _announcer.RelayAsync(await HappenedAsync(posts[3], EventKind.PostEdited), 0, Ct);
        Assert.Equal((FrameKind.Edited, posts[3]), await NextAsync(connection));
        await Ports.Posts.DeleteAsync(posts[3], author, null, Ct);
        await _announcer.RelayAsync(await HappenedAsync(posts[3], EventKind.PostDeleted), 0, Ct);
        Assert.Equal((FrameKind.Gone, posts[3]), await NextAsync(connection));
    }

    [Fact]
    public async Task Nobody_is_told_of_what_they_may_not_see()
    {
        await BeginAsync();
        var author = await JoinAsync();
        var reader = await FollowerAsync(author);
        var connection = await OpenAsync(reader);
        var hidden = (await Ports.Posts.PublishAsync(
            new NewPost(author, PostType.Text, Audience.Friends, default, new PostBody("for friends", [])), null, Ct)).Value.Id;
        await _announcer.DeliveredAsync(await HappenedAsync(hidden, EventKind.PostPublished), new[] { reader }, Ct);
        var shown = await PublishAsync(author);
        await _announcer.DeliveredAsync(await HappenedAsync(shown, EventKind.PostPublished), new[] { reader }, Ct);

        Assert.Equal((FrameKind.Posted, shown), await NextAsync(connection));
    }

    private async Task BeginAsync()
    {
        _readers = new LiveReaders(Clock, new LiveOptions());
        var sight = new LiveSight(Ports.Posts, Ports.Graph, Ports.Audiences);
        _relay = new LiveRelay(_readers, new LiveCounters(Clock), sight, Ports.People, Ports.Credentials, Ports.Presence, Clock);
        _announcer = await Ports.AnnounceAsync(new Announcer(_readers, sight), _readers, Ct);
    }

    private async Task<UserId> FollowerAsync(params UserId[] authors)
    {
        var reader = await JoinAsync();
        foreach (var author in authors)
            await DoAsync(reader, TieAction.Follow, author);
        return reader;
    }

    /// <summary>Connects somebody who was here before: whoever comes for the first time may be told to read again.</summary>
    private async Task<LiveConnection> OpenAsync(UserId reader)
    {
        Ports.Presence.Seen(reader);
        await Ports.Settle(Ct);
        return _relay.Open(reader, default, long.MaxValue, null).Value;
    }

    private async Task<Event> HappenedAsync(PostId post, EventKind kind)
    {
        var events = new Event[256];
        await Ports.Settle(Ct);
        var count = await Ports.Events.ReadAsync(0, events, Ct);
        return events[..count].Last(happened => happened.Post == post && happened.Kind == kind);
    }

    private Queue<LiveFrame> _taken = new();

    /// <summary>The next frame that tells of a post.</summary>
    private async Task<(FrameKind Kind, PostId Post)> NextAsync(LiveConnection connection)
    {
        var batch = _relay.Rent();
        while (true)
        {
            while (_taken.TryDequeue(out var frame))
            {
                if (frame.Kind is FrameKind.Posted or FrameKind.Edited or FrameKind.Gone)
                    return (frame.Kind, frame.Post);
            }
            var count = await _relay.TakeAsync(connection, batch, Ct);
            for (var i = 0; i < count; i++)
                _taken.Enqueue(batch.Frames[i]);
            if (count == 0)
                await connection.WaitAsync().AsTask().WaitAsync(Patience, Ct);
        }
    }
}
