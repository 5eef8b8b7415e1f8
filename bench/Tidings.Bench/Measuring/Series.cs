using System.Globalization;

namespace Tidings.Bench.Measuring;

/// <summary>One figure, measured several times in one run.</summary>
internal sealed class Series
{
    private readonly double[] _sorted;

    public Series(IEnumerable<double> values)
    {
        Values = [.. values];
        _sorted = [.. Values.Order()];
    }

    public IReadOnlyList<double> Values { get; }

    public double Median => _sorted.Length % 2 == 1
        ? _sorted[_sorted.Length / 2]
        : (_sorted[_sorted.Length / 2 - 1] + _sorted[_sorted.Length / 2]) / 2;

    public double Min => _sorted[0];

    public double Max => _sorted[^1];

    /// <summary>Round by round, so that what the machine did in a round stands on both sides.</summary>
    public Series Over(Series other) => new(Values.Zip(other.Values, (a, b) => a / b));

    public Series Times(double factor) => new(Values.Select(v => v * factor));

    public string Say(string unit) => Values.Count == 1 ? $"{Text(Median)} {unit}" : $"{Text(Median)} {unit} ({Text(Min)}–{Text(Max)})";

    private static string Text(double value) => value.ToString(Format(value), CultureInfo.InvariantCulture);

    private static string Format(double value) => Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "N2" };

    /// <summary>Runs the measures in turn, a warm-up of each first, so that a slow moment of the machine hits them all alike.</summary>
    public static Series[] Interleaved(int rounds, params Func<double>[] measures)
    {
        var values = measures.Select(_ => new List<double>()).ToArray();
        foreach (var measure in measures)
            measure();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < measures.Length; i++)
                values[i].Add(measures[i]());
        }
        return [.. values.Select(v => new Series(v))];
    }
}
