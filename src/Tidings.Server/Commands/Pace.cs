namespace Tidings.Server.Commands;

/// <summary>How fast a long task goes, over its last ten seconds or so, and how long the rest of it will take at that speed.</summary>
internal sealed class Pace(TimeProvider clock)
{
    private const int SamplesMax = 11;
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    private readonly Queue<(long At, double Fraction, long Done)> _samples = [];
    private (long At, double Fraction, long Done) _latest = (clock.GetTimestamp(), 0, 0);

    /// <param name="fraction">Of the whole, 0 to 1.</param>
    /// <param name="done">Things so far.</param>
    public void Note(double fraction, long done)
    {
        if (_samples.Count == 0)
            _samples.Enqueue(_latest);
        _latest = (clock.GetTimestamp(), fraction, done);
        if (clock.GetElapsedTime(_samples.Last().At, _latest.At) < Gap)
            return;
        _samples.Enqueue(_latest);
        if (_samples.Count > SamplesMax)
            _samples.Dequeue();
    }

    /// <summary>Things a second; 0 at first.</summary>
    public double Rate => Passed is { } passed ? (_latest.Done - _samples.Peek().Done) / passed.TotalSeconds : 0;

    /// <summary>Null while nothing moves.</summary>
    public TimeSpan? Left
    {
        get
        {
            if (Passed is not { } passed || _latest.Fraction <= _samples.Peek().Fraction)
                return null;
            var left = passed * ((1 - _latest.Fraction) / (_latest.Fraction - _samples.Peek().Fraction));
            return left < TimeSpan.FromDays(100) ? left : null;
        }
    }

    private TimeSpan? Passed => _samples.Count > 0 && clock.GetElapsedTime(_samples.Peek().At, _latest.At) is { Ticks: > 0 } passed ? passed : null;
}
