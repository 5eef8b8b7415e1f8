using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>One reader who is or lately was here: the sequence, the newest events, the open connections.</summary>
/// <param name="slot">The place among the readers, for as long as this one is remembered.</param>
internal sealed class LiveReader(UserId person, long start, int slot)
{
    private readonly Lock _gate = new();
    private readonly EventRing _ring = new(start);
    private LiveConnection[] _connections = [];

    public UserId Person => person;

    public int Slot => slot;

    /// <summary>Since when nobody is connected; looked at where nobody is.</summary>
    public long LeftUnixMs { get; set; }

    /// <summary>Read without a gate: replaced, never changed.</summary>
    public LiveConnection[] Connections => Volatile.Read(ref _connections);

    public long Last
    {
        get
        {
            lock (_gate) return _ring.Last;
        }
    }

    public void Tell(in LiveEvent happened)
    {
        lock (_gate) _ring.Add(happened);
        foreach (var connection in Connections)
            connection.Wake();
    }

    /// <summary>Nobody knows what the reader should have been told.</summary>
    public void Lose()
    {
        lock (_gate) _ring.Lose();
        foreach (var connection in Connections)
            connection.Wake();
    }

    public bool Watches(PostId post)
    {
        foreach (var connection in Connections)
        {
            if (connection.Watches(post)) return true;
        }
        return false;
    }

    /// <summary>Adds a connection; where it resumes from a number that is remembered, it goes on from there, else it begins at the last.</summary>
    /// <returns>The number that it goes on after.</returns>
    public long Join(LiveConnection connection, long? resumeAfter)
    {
        lock (_gate)
        {
            Volatile.Write(ref _connections, [.. _connections, connection]);
            return resumeAfter is { } after && after >= _ring.First - 1 && after <= _ring.Last ? after : _ring.Last;
        }
    }

    public void Leave(LiveConnection connection)
    {
        lock (_gate) Volatile.Write(ref _connections, [.. _connections.Where(c => c != connection)]);
    }

    /// <summary>Copies what came after a number.</summary>
    /// <param name="after">Where some of it has been forgotten, becomes the last number: there is nothing to copy then.</param>
    /// <returns>How many; −1 where some has been forgotten.</returns>
    public int Read(ref long after, Span<LiveEvent> into)
    {
        lock (_gate)
        {
            if (after >= _ring.First - 1) return _ring.Copy(after, into);
            after = _ring.Last;
            return -1;
        }
    }
}
