using Tidings.FanOut;
using Tidings.Graph;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Tidings.Tests.Simulation;

namespace Tidings.Tests.Live;

/// <summary>Live updates over the real thing, with a fan-out that announces; nothing runs by itself.</summary>
internal sealed class LiveWorld : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FanOutWorker _fanOut;
    private readonly LiveFollower _follower;

    private LiveWorld(SimulatedTidings tidings, int threshold, LiveOptions options)
    {
        Tidings = tidings;
        var p = tidings.Profile;
        Readers = new LiveReaders(tidings.Clock, options);
        Counters = new LiveCounters(tidings.Clock);
        var sight = new LiveSight(p.Posts, p.Graph, p.Audiences);
        Relay = new LiveRelay(Readers, Counters, sight, p.People, p.Credentials, p.Presence, tidings.Clock);
        Pulse = new LivePulse(Readers, Counters, p.Presence, tidings.Clock);
        _follower = new LiveFollower(p.Events, Readers, Counters, p.Events.End);
        _fanOut = new FanOutWorker(
            p.Events, p.Graph, p.Inboxes, p.Presence, p.Modes, new FanOutPolicy { ThresholdFollowers = threshold }, tidings.Clock, p.Events.End,
            new Announcer(Readers, sight));
    }

    public SimulatedTidings Tidings { get; }
    public LiveReaders Readers { get; }
    public LiveCounters Counters { get; }
    public LiveRelay Relay { get; }
    public LivePulse Pulse { get; }

    public static async Task<LiveWorld> StartAsync(int threshold = 100, LiveOptions? options = null) =>
        new(await SimulatedTidings.StartAsync(threshold), threshold, options ?? new LiveOptions());

    public Task<UserId> JoinAsync(string handle) => Tidings.JoinAsync(handle);

    /// <summary>Someone who follows the author.</summary>
    public async Task<UserId> FollowerAsync(string handle, UserId author)
    {
        var reader = await JoinAsync(handle);
        await DoAsync(reader, TieAction.Follow, author);
        return reader;
    }

    public async Task DoAsync(UserId actor, TieAction action, UserId other)
    {
        await Tidings.ChangeTie.ExecuteAsync(actor, action, other, None);
        await SettleAsync();
    }

    public async Task<PostId> PostAsync(UserId author, Audience audience = Audience.Public, AudienceListId list = default)
    {
        var post = await Tidings.Publish.ExecuteAsync(new NewPost(author, PostType.Text, audience, list, new PostBody("hello", [])), null, None);
        await SettleAsync();
        return post.Value.Id;
    }

    public async Task EditAsync(PostId post, UserId author, PostEdit edit)
    {
        await Tidings.Edit.ExecuteAsync(post, author, edit, null, None);
        await SettleAsync();
    }

    public async Task DeleteAsync(PostId post, UserId author)
    {
        await Tidings.Profile.Posts.DeleteAsync(post, author, null, None);
        await SettleAsync();
    }

    public LiveConnection Open(UserId reader, long? after = null, TokenHash token = default, long expiresUnixMs = long.MaxValue) =>
        Relay.Open(reader, token, expiresUnixMs, after).Value;

    /// <summary>All that there is to take now.</summary>
    public async Task<List<LiveFrame>> TakeAsync(LiveConnection connection)
    {
        var frames = new List<LiveFrame>();
        var batch = Relay.Rent();
        while (await Relay.TakeAsync(connection, batch, None) is > 0 and var count)
            frames.AddRange(batch.Frames.Take(count).Where(f => f.Kind != FrameKind.Beat));
        Relay.Return(batch);
        return frames;
    }

    /// <summary>Takes, and passes over the greeting.</summary>
    public async Task<List<(FrameKind Kind, PostId Post)>> ToldAsync(LiveConnection connection) =>
        [.. (await TakeAsync(connection)).Where(f => f.Kind != FrameKind.Hello).Select(f => (f.Kind, f.Post))];

    /// <summary>Does all that waits in the log.</summary>
    public async Task SettleAsync()
    {
        while (await _fanOut.StepAsync(None))
        {
        }
        while (_follower.Position < Tidings.Profile.Events.End)
            await _follower.StepAsync(None);
    }

    public ValueTask DisposeAsync() => Tidings.DisposeAsync();
}
