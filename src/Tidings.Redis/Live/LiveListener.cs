using System.Threading.Channels;
using StackExchange.Redis;
using Tidings.FanOut;
using Tidings.Live;
using Tidings.Redis.Cluster;
using Tidings.Redis.Feeds;

namespace Tidings.Redis.Live;

/// <summary>
/// Listens to what other processes tell, and passes it on to the readers who are connected to this one.
/// 1. All channels are taken in by one loop, so the local announcer has one caller, and each author's events stay in order.
/// 2. Every teller's numbers on a channel have to follow each other. A number that is missing, a teller who wasn't known, a message that can't be read: each
/// may mean that something wasn't told here, so all readers are told to read again. Nobody can say whom it would have concerned.
/// 3. Where a sign of life finds that the reader had been forgotten, fan-out may have taken them for absent: that reader is told to read again.
/// 4. What has arrived and isn't passed on yet is at most <see cref="WaitingMax"/> messages. The next one is thrown away, and its number is missed.
/// </summary>
public sealed class LiveListener
{
    public const int WaitingMax = 4_096;

    /// <summary>Tellers that are remembered on a channel; past that all are forgotten, and met anew.</summary>
    private const int TellersMax = 64;

    private readonly ConnectionMultiplexer _connection;
    private readonly Keys _keys;
    private readonly Inboxes _inboxes;
    private readonly IAnnouncer _local;
    private readonly LiveReaders _readers;
    private readonly Dictionary<long, long>[] _lastOf = [.. Enumerable.Range(0, LiveMessage.Channels).Select(_ => new Dictionary<long, long>())];
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LiveListener(ConnectionMultiplexer connection, Keys keys, Inboxes inboxes, IAnnouncer local, LiveReaders readers) =>
        (_connection, _keys, _inboxes, _local, _readers) = (connection, keys, inboxes, local, readers);

    /// <summary>Completes when it hears all channels.</summary>
    public Task Listening => _listening.Task;

    /// <summary>Listens until it is cancelled. An exception of the local announcer ends it; run another one then.</summary>
    /// <exception cref="RedisAwayException">It couldn't begin.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var arrived = Channel.CreateBounded<(int Channel, byte[] Bytes)>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
        var queues = new List<ChannelMessageQueue>();
        _inboxes.Forgotten += _readers.Resync;
        try
        {
            await SubscribeAsync(queues, arrived.Writer, ct);
            // Whoever was connected before has missed what was said before.
            _readers.ResyncAll();
            _listening.TrySetResult();
            await foreach (var (channel, bytes) in arrived.Reader.ReadAllAsync(ct))
                await TakeAsync(channel, bytes, ct);
        }
        finally
        {
            _inboxes.Forgotten -= _readers.Resync;
            foreach (var queue in queues)
                queue.Unsubscribe(CommandFlags.FireAndForget);
        }
    }

    private async Task SubscribeAsync(List<ChannelMessageQueue> queues, ChannelWriter<(int, byte[])> arrived, CancellationToken ct)
    {
        try
        {
            for (var i = 0; i < LiveMessage.Channels; i++)
            {
                var channel = i;
                var queue = await _connection.GetSubscriber().SubscribeAsync(_keys.Live(channel)).WaitAsync(ct);
                queues.Add(queue);
                queue.OnMessage(message => arrived.TryWrite((channel, (byte[])message.Message!)));
            }
        }
        catch (Exception e) when (e is RedisException or RedisTimeoutException)
        {
            throw new RedisAwayException("Nothing can be heard from Redis: " + e.Message, e);
        }
    }

    private async ValueTask TakeAsync(int channel, byte[] bytes, CancellationToken ct)
    {
        var message = LiveMessage.Read(bytes);
        if (message is null || !Follows(channel, message))
        {
            RedisTelemetry.LiveGaps.Add(1);
            _readers.ResyncAll();
        }
        if (message is { Word: LiveWord.Delivered })
            await _local.DeliveredAsync(message.Cause, message.Readers, ct);
        if (message is { Word: LiveWord.Relayed })
        {
            var from = 0;
            do
                from = await _local.RelayAsync(message.Cause, from, ct);
            while (from > 0);
        }
    }

    private bool Follows(int channel, LiveMessage message)
    {
        var tellers = _lastOf[channel];
        var known = tellers.TryGetValue(message.Teller, out var last);
        if (!known && tellers.Count == TellersMax)
            tellers.Clear();
        tellers[message.Teller] = message.Number;
        var expected = message.Word == LiveWord.Beat ? last : last + 1;
        // One who has said nothing before is missed by nobody.
        return message.Number == expected;
    }
}
