using Tidings.FanOut;
using Tidings.People;

namespace Tidings.Embedded.Memory;

/// <summary>When each reader was last here, in Unix seconds, 4 bytes a person. Time never steps back here: whom fan-out has passed over as dormant
/// must find out on return that it was.</summary>
internal sealed unsafe class LastSeen(TimeProvider clock) : IDisposable
{
    /// <summary>How long after a sign of life a reader counts as online, and as active.</summary>
    public const uint OnlineSeconds = 5 * 60, ActiveSeconds = 14 * 24 * 60 * 60;

    private readonly PersonTable _seen = new(sizeof(uint));
    private uint _latest;

    /// <summary>Notes that the reader is here.</summary>
    /// <returns>What the reader was until now.</returns>
    public Presence Touch(UserId reader)
    {
        var now = Now();
        ref var seen = ref *(uint*)_seen.Ensure((uint)reader.Value);
        var before = Volatile.Read(ref seen);
        if (before != now) Volatile.Write(ref seen, now);
        return Classify(before, now);
    }

    public void Classify(ReadOnlySpan<UserId> readers, Span<Presence> into)
    {
        var now = Now();
        for (var i = 0; i < readers.Length; i++)
        {
            var seen = (uint*)_seen.Find((uint)readers[i].Value);
            into[i] = seen == null ? Presence.Dormant : Classify(Volatile.Read(ref *seen), now);
        }
    }

    /// <summary>The next readers who are not dormant.</summary>
    public int List(UserId after, Span<UserId> into)
    {
        var now = Now();
        var count = 0;
        for (var person = after.Value + 1; person < _seen.End && count < into.Length; person++)
        {
            var seen = (uint*)_seen.Find((uint)person);
            if (seen == null) person |= PersonTable.SegmentPeople - 1;
            else if (Classify(Volatile.Read(ref *seen), now) != Presence.Dormant) into[count++] = new UserId(person);
        }
        return count;
    }

    /// <summary>Whether the reader would be dormant until now, if they came.</summary>
    public bool IsDormant(UserId reader)
    {
        var seen = (uint*)_seen.Find((uint)reader.Value);
        return seen == null || Classify(Volatile.Read(ref *seen), Now()) == Presence.Dormant;
    }

    /// <summary>Whether the reader was last here before the time given, or never.</summary>
    public bool IsBefore(uint reader, long unixMs)
    {
        var seen = (uint*)_seen.Find(reader);
        return seen == null || *seen * 1_000L < unixMs;
    }

    public void Dispose() => _seen.Dispose();

    private static Presence Classify(uint seen, uint now)
    {
        if (seen == 0) return Presence.Dormant;
        var seconds = now > seen ? now - seen : 0;
        return seconds <= OnlineSeconds ? Presence.Online : seconds <= ActiveSeconds ? Presence.Active : Presence.Dormant;
    }

    private uint Now()
    {
        var now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
        var latest = Volatile.Read(ref _latest);
        while (now > latest)
        {
            var found = Interlocked.CompareExchange(ref _latest, now, latest);
            if (found == latest) return now;
            latest = found;
        }
        return latest;
    }
}
