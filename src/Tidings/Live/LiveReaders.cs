using System.Collections.Concurrent;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>
/// The readers who are here, each with the events of late.
/// <list type="number">
/// <item>A reader's events have numbers that rise by one. They begin at the clock's time (milliseconds since 2006, times 4,096), so what
/// a client remembers from before a restart is less than all that comes after, and is answered with <c>resync</c>; all stay
/// below 2⁵³ until 2075.</item>
/// <item>Whoever leaves is remembered for <see cref="RememberedMs"/>: events go on being numbered, and a client that comes back gets what it
/// missed. At most twice as many readers are remembered as there may be connections.</item>
/// <item>A reader keeps the place in the list while remembered, so a walk over all is by place, and meets everyone who is here throughout.</item>
/// </list>
/// </summary>
public sealed class LiveReaders(TimeProvider clock, LiveOptions options)
{
    /// <summary>How long a reader without a connection is remembered.</summary>
    public const long RememberedMs = 2 * 60 * 1_000;

    /// <summary>More events than a reader gets in a millisecond.</summary>
    private const int NumbersPerMs = 4_096;

    /// <summary>The code of the rejection where the server takes no more connections; any other is the reader's own limit.</summary>
    public const string FullCode = "live_full";

    private readonly ConcurrentDictionary<UserId, LiveReader> _readers = new();
    private readonly Lock _gate = new();
    private readonly Stack<int> _freePlaces = new();
    private LiveReader?[] _places = [];
    private int _placesUsed, _connections, _count;
    private long _highest;
    private bool _closed;

    /// <summary>Open connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Readers who are remembered, connected or not.</summary>
    public int Count => Volatile.Read(ref _count);

    private long NowUnixMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Tells a reader on all open connections. Never waits; costs one look-up where the reader isn't here. The caller has made sure
    /// that the reader may know of the post; it is looked at again when it leaves.</summary>
    public void Send(UserId reader, in LiveEvent happened)
    {
        if (Find(reader) is { } here)
            here.Tell(happened);
    }

    /// <summary>Looks again at what a reader may see and at the credentials that each connection came with: call it after a block, a mute, a
    /// sign-out, an erasure, once it is in the record. Never waits.</summary>
    public void Recheck(UserId reader)
    {
        if (Find(reader) is not { } here) return;
        foreach (var connection in here.Connections)
            connection.Recheck();
    }

    /// <summary>The same for all readers: after something that may concern any of them, such as a revoked service key.</summary>
    public void RecheckAll()
    {
        foreach (var (person, _) in _readers)
            Recheck(person);
    }

    /// <summary>Something may have happened that a reader wasn't told of: the clients are told to read again. Never waits.</summary>
    public void Resync(UserId reader) => Find(reader)?.Lose();

    /// <summary>The same for all readers.</summary>
    public void ResyncAll()
    {
        foreach (var (_, reader) in _readers)
            reader.Lose();
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="token">See <see cref="LiveConnection.Token"/>.</param>
    /// <param name="expiresUnixMs">When the credentials end; <see cref="long.MaxValue"/> for never.</param>
    /// <param name="resumeAfter">The last number that the client has seen; null where it begins.</param>
    internal Result<LiveConnection> Open(UserId person, TokenHash token, long expiresUnixMs, long? resumeAfter)
    {
        lock (_gate)
        {
            var reader = Find(person);
            if (_closed || _connections >= options.ConnectionsMax || (reader is null && _count >= 2 * options.ConnectionsMax))
                return Full;
            reader ??= Remember(person);
            if (reader.Connections.Length >= options.ConnectionsPerReaderMax)
                return TooMany;
            Volatile.Write(ref _connections, _connections + 1);
            return new LiveConnection(reader, token, expiresUnixMs, resumeAfter);
        }
    }

    /// <summary>Tells every client to go, and lets nobody in any more.</summary>
    public void EndAll()
    {
        lock (_gate) _closed = true;
        foreach (var (_, reader) in _readers)
        {
            foreach (var connection in reader.Connections)
                connection.End(ByeReason.Stopping);
        }
    }

    internal void Close(LiveConnection connection)
    {
        lock (_gate)
        {
            connection.Reader.Leave(connection);
            connection.Reader.LeftUnixMs = NowUnixMs;
            Volatile.Write(ref _connections, _connections - 1);
        }
    }

    internal LiveReader? Find(UserId person) => _readers.TryGetValue(person, out var reader) ? reader : null;

    /// <summary>The next readers by place, for a walk over all of them.</summary>
    /// <returns>The place at which the next call goes on; 0 at the end.</returns>
    internal int Walk(int from, Span<LiveReader> into, out int count)
    {
        var places = Volatile.Read(ref _places);
        var end = Math.Min(places.Length, Volatile.Read(ref _placesUsed));
        count = 0;
        for (; from < end && count < into.Length; from++)
        {
            if (Volatile.Read(ref places[from]) is { } reader)
                into[count++] = reader;
        }
        return from < end ? from : 0;
    }

    /// <summary>Forgets those who left long ago.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            var now = NowUnixMs;
            foreach (var (person, reader) in _readers)
            {
                if (reader.Connections.Length > 0 || now - reader.LeftUnixMs <= RememberedMs) continue;
                _highest = Math.Max(_highest, reader.Last);
                _readers.TryRemove(person, out _);
                Volatile.Write(ref _count, _count - 1);
                Volatile.Write(ref _places[reader.Slot], null);
                _freePlaces.Push(reader.Slot);
            }
        }
    }

    private LiveReader Remember(UserId person)
    {
        if (!_freePlaces.TryPop(out var place))
        {
            place = _placesUsed;
            if (place == _places.Length)
            {
                var places = new LiveReader?[Math.Max(64, 2 * place)];
                _places.CopyTo(places, 0);
                Volatile.Write(ref _places, places);
            }
            Volatile.Write(ref _placesUsed, place + 1);
        }
        // The clock may have stepped back since another was forgotten: numbers don't.
        var start = Math.Max((NowUnixMs - TimeOrderedId.EpochUnixMs) * NumbersPerMs, _highest + 1);
        var reader = new LiveReader(person, start, place) { LeftUnixMs = NowUnixMs };
        Volatile.Write(ref _places[place], reader);
        _readers[person] = reader;
        Volatile.Write(ref _count, _count + 1);
        return reader;
    }

    private static readonly Rejection Full = new(
        RejectionKind.LimitReached, FullCode, "There are as many live connections as this server takes.");

    private static readonly Rejection TooMany = new(
        RejectionKind.LimitReached, "too_many_connections", "This person has as many live connections as one may have.");
}
