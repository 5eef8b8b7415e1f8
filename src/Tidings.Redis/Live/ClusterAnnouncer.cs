using System.Security.Cryptography;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.People;
using Tidings.Redis.Cluster;

namespace Tidings.Redis.Live;

/// <summary>
/// Tells all processes what fan-out has brought, over sharded channels: one message for a slice of readers, whatever processes they are connected to. What is
/// said may be lost and never comes again; but it is numbered, so whoever misses it finds out by the next message or beat, and has its readers read again.
/// So nothing here waits for Redis to come back, and fan-out never fails because somebody couldn't be told.
/// </summary>
public sealed class ClusterAnnouncer : IAnnouncer
{
    /// <summary>How often to call <see cref="BeatAsync"/>: within about so long a lost message is noticed.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly ClusterCalls _calls;
    private readonly Keys _keys;
    private readonly Lock _gate = new();
    private readonly long _teller = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private readonly long[] _numbers = new long[LiveMessage.Channels];
    private volatile bool _isHeard = true;

    internal ClusterAnnouncer(ClusterCalls calls, Keys keys) => (_calls, _keys) = (calls, keys);

    /// <summary>Whether any process was listening at the last beat.</summary>
    public bool IsHeard => _isHeard;

    public ValueTask DeliveredAsync(Event cause, ReadOnlyMemory<UserId> to, CancellationToken ct) => SayAsync(LiveWord.Delivered, cause, to, ct);

    public async ValueTask<int> RelayAsync(Event cause, int from, CancellationToken ct)
    {
        await SayAsync(LiveWord.Relayed, cause, default, ct);
        return 0;
    }

    /// <summary>Says on every channel how far it has come, and finds out whether anybody listens. One call at a time.</summary>
    public async Task BeatAsync(CancellationToken ct)
    {
        try
        {
            var heard = new Task<long>[LiveMessage.Channels];
            for (var channel = 0; channel < heard.Length; channel++)
            {
                lock (_gate)
                    heard[channel] = _calls.PublishAsync(_keys.Live(channel), LiveMessage.Write(_teller, _numbers[channel], LiveWord.Beat, default, []), ct);
            }
            _isHeard = (await Task.WhenAll(heard)).Any(connections => connections > 0);
        }
        catch (RedisAwayException)
        {
            // Who listens isn't known: go on telling.
            _isHeard = true;
        }
    }

    private async ValueTask SayAsync(LiveWord word, Event cause, ReadOnlyMemory<UserId> readers, CancellationToken ct)
    {
        var channel = LiveMessage.ChannelOf(cause.Actor);
        Task<long> said;
        // Numbered and sent in one step, so the numbers arrive in order.
        lock (_gate)
            said = _calls.PublishAsync(_keys.Live(channel), LiveMessage.Write(_teller, ++_numbers[channel], word, cause, readers.Span), ct);
        try
        {
            await said;
        }
        catch (RedisAwayException)
        {
            // The number is used up: it will be missed.
            RedisTelemetry.LiveLost.Add(1);
        }
    }
}
