using Tidings.Models.Training;

namespace Tidings.Models.Evaluation;

/// <param name="Low">2.5 % of the resamples are below.</param>
/// <param name="High">2.5 % are above.</param>
public readonly record struct Interval(double Mean, double Low, double High)
{
    public bool ExcludesZero => Low > 0 || High < 0;
}

/// <summary>
/// Intervals by the bootstrap over readers (a cluster bootstrap: Davison and Hinkley, "Bootstrap Methods", 1997, section 3.8): readers are drawn with
/// replacement, each with all their slates, and the mean over the slates is taken; the middle 95 % of <see cref="Resamples"/> such means is the
/// interval. Slates of one reader aren't independent, and intervals that took them for it would be too narrow. Seeded: the same slates give the same
/// intervals.
/// </summary>
public sealed class Bootstrap
{
    public const int Resamples = 1_000;

    private readonly int[] _readerOf;
    private readonly int[] _slatesOf;
    private readonly ulong _seed;

    /// <param name="readers">The reader of each slate.</param>
    public Bootstrap(IReadOnlyList<string> readers, ulong seed = 1)
    {
        _seed = seed;
        var numbers = new Dictionary<string, int>();
        _readerOf = new int[readers.Count];
        for (var i = 0; i < readers.Count; i++)
        {
            if (!numbers.TryGetValue(readers[i], out _readerOf[i]))
                numbers[readers[i]] = _readerOf[i] = numbers.Count;
        }
        Readers = numbers.Count;
        _slatesOf = new int[Readers];
        foreach (var reader in _readerOf)
            _slatesOf[reader]++;
    }

    public int Readers { get; }

    /// <summary>All series are drawn together, so their intervals go with each other.</summary>
    /// <param name="series">Each has one value for each slate.</param>
    public Interval[] Of(IReadOnlyList<double[]> series)
    {
        if (Readers == 0)
            return new Interval[series.Count];
        var width = series.Count;
        var sums = new double[Readers * width];
        for (var i = 0; i < _readerOf.Length; i++)
        {
            for (var s = 0; s < width; s++)
                sums[_readerOf[i] * width + s] += series[s][i];
        }
        var random = new SeededRandom(_seed);
        var means = Enumerable.Range(0, width).Select(_ => new double[Resamples]).ToArray();
        var drawn = new double[width];
        for (var d = 0; d < Resamples; d++)
        {
            Array.Clear(drawn);
            var slates = 0L;
            for (var r = 0; r < Readers; r++)
            {
                var reader = random.Below(Readers);
                slates += _slatesOf[reader];
                for (var s = 0; s < width; s++)
                    drawn[s] += sums[reader * width + s];
            }
            for (var s = 0; s < width; s++)
                means[s][d] = drawn[s] / slates;
        }
        return [.. means.Select((sample, s) =>
        {
            Array.Sort(sample);
            return new Interval(series[s].Average(), sample[Resamples * 25 / 1000], sample[Resamples * 975 / 1000 - 1]);
        })];
    }
}
