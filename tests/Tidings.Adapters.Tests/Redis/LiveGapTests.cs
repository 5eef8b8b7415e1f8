using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using Tidings.Adapters.Tests.Contracts;
using Tidings.Adapters.Tests.Record;
using Tidings.Events;
using Tidings.Live;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis;
using Tidings.Redis.Cluster;
using Tidings.Redis.Live;
using Xunit;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>What is told over channels may be lost: then the readers of a process are told to read again.</summary>
public sealed class LiveGapTests(RedisServers servers) : IAsyncLifetime
{
    private const long Teller = 77;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _ending = new();
    private Ports _record = null!;
    private RedisProfile _redis = null!;
    private ConnectionMultiplexer _another = null!;
    private LiveRelay _relay = null!;
    private LiveConnection _connection = null!;
    private Task _listening = Task.CompletedTask;
    private RedisChannel _channel;
    private Event _cause;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var (addresses, prefix) = await servers.MakeAsync();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        _record = await EmbeddedPorts.OpenAsync(clock);
        _redis = await RedisProfile.OpenAsync(RedisPorts.Options(addresses, prefix), clock, Ct);
        _another = await ConnectionMultiplexer.ConnectAsync(addresses);
        var readers = new LiveReaders(clock, new LiveOptions());
        var sight = new LiveSight(_record.Posts, _record.Graph, _record.Audiences);
        _relay = new LiveRelay(readers, new LiveCounters(clock), sight, _record.People, _record.Credentials, _record.Presence, clock);
        var listener = _redis.Listener(new Announcer(readers, sight), readers);
        _listening = listener.RunAsync(_ending.Token);
        await listener.Listening.WaitAsync(Ct);

        var author = (await _record.People.AddAsync(new NewPerson("ada", "Ada", "", []), Ct)).Value;
        var reader = (await _record.People.AddAsync(new NewPerson("bob", "Bob", "", []), Ct)).Value;
        await _record.Graph.ChangeAsync(reader, Graph.TieAction.Follow, author, Ct);
        var post = (await _record.Posts.PublishAsync(new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("hello", [])), null, Ct)).Value.Id;
        _cause = new Event(1, EventKind.PostPublished, author, default, post, 0, 0);
        _channel = new Keys(prefix).Live(LiveMessage.ChannelOf(author));
        _connection = _relay.Open(reader, default, long.MaxValue, null).Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _listening.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (_another is not null)
            await _another.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        if (_record is not null)
            await _record.DisposeAsync();
        _ending.Dispose();
    }

    [Fact]
    public async Task Who_missed_a_message_is_told_to_read_again_and_who_missed_none_is_not()
    {
        await SayAsync(1, LiveWord.Relayed);
        await SayAsync(1, LiveWord.Beat);
        await SayAsync(2, LiveWord.Relayed);
        Assert.Equal([FrameKind.Hello, FrameKind.Posted, FrameKind.Posted], await TakeAsync(3));
        // The third is lost. What the fourth told of is read by whoever reads again.
        await SayAsync(4, LiveWord.Relayed);
        Assert.Contains(FrameKind.Resync, await TakeAsync(1));
        await SayAsync(4, LiveWord.Beat);
        await SayAsync(5, LiveWord.Relayed);
        Assert.DoesNotContain(FrameKind.Resync, await TakeAsync(1));
    }

    [Fact]
    public async Task A_beat_tells_who_missed_the_last_message()
    {
        await SayAsync(1, LiveWord.Relayed);
        Assert.Equal([FrameKind.Hello, FrameKind.Posted], await TakeAsync(2));
        await SayAsync(2, LiveWord.Beat);
        Assert.Equal([FrameKind.Resync], await TakeAsync(1));
    }

    [Fact]
    public async Task A_teller_who_has_been_telling_for_long_and_what_nobody_understands_count_as_missed()
    {
        await SayAsync(1, LiveWord.Relayed);
        Assert.Equal([FrameKind.Hello, FrameKind.Posted], await TakeAsync(2));
        await SayAsync(500, LiveWord.Beat, teller: Teller + 1);
        Assert.Equal([FrameKind.Resync], await TakeAsync(1));
        await _another.GetSubscriber().PublishAsync(_channel, "nonsense");
        Assert.Equal([FrameKind.Resync], await TakeAsync(1));
    }

    private Task SayAsync(long number, LiveWord word, long teller = Teller) =>
        _another.GetSubscriber().PublishAsync(_channel, LiveMessage.Write(teller, number, word, _cause, []));

    /// <summary>Takes so many frames. A connection that has lost its place is told so once, however often it did.</summary>
    private async Task<FrameKind[]> TakeAsync(int count)
    {
        var (taken, batch) = (new List<FrameKind>(), _relay.Rent());
        while (taken.Count < count)
        {
            var frames = await _relay.TakeAsync(_connection, batch, Ct);
            taken.AddRange(batch.Frames[..frames].Select(frame => frame.Kind));
            if (frames == 0)
                await _connection.WaitAsync().AsTask().WaitAsync(Patience, Ct);
        }
        return [.. taken];
    }
}
