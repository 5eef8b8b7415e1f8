namespace Tidings.Server.Simulation;

/// <summary>
/// The clock of a record into which a past is written: it stands at the moment that was set last until it goes live, and is the system's clock
/// before and after. Only the time of day is replayed: timers and intervals are always the real ones, so syncs and deadlines stay true.
/// </summary>
public sealed class ReplayClock(TimeProvider real) : TimeProvider
{
    private const long Live = long.MinValue;

    /// <summary>UTC ticks, or <see cref="Live"/>.</summary>
    private long _ticks = Live;

    public bool IsLive => Volatile.Read(ref _ticks) == Live;

    public override DateTimeOffset GetUtcNow()
    {
        var ticks = Volatile.Read(ref _ticks);
        return ticks == Live ? real.GetUtcNow() : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>Stands at this moment from now on. The first move goes back as far as wanted, later ones never do.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The moment is in the future, or before the one replayed last.</exception>
    public void MoveTo(DateTimeOffset moment)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(moment, real.GetUtcNow());
        var ticks = moment.UtcTicks;
        ArgumentOutOfRangeException.ThrowIfLessThan(ticks, Volatile.Read(ref _ticks));
        Volatile.Write(ref _ticks, ticks);
    }

    public void GoLive() => Volatile.Write(ref _ticks, Live);

    public override long GetTimestamp() => real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(callback, state, dueTime, period);
}
