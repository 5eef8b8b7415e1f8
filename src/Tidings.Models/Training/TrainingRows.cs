using Tidings.Models.Evaluation;
using Tidings.Ranking;

namespace Tidings.Models.Training;

/// <summary>Where the candidates of a slate are among the rows.</summary>
internal readonly record struct SlateRows(int First, int Count);

/// <summary>The candidates of many slates, one below the other.</summary>
internal sealed class TrainingRows
{
    /// <summary>Some 2 GB of features.</summary>
    public const int RowsMax = 24_000_000;

    private readonly List<LabelledSlate> _slates;
    private readonly int[] _starts;

    public TrainingRows(IEnumerable<LabelledSlate> slates)
    {
        _slates = [.. slates];
        _starts = new int[_slates.Count + 1];
        for (var s = 0; s < _slates.Count; s++)
            _starts[s + 1] = checked(_starts[s] + _slates[s].Count);
        Features = new float[Count * Ranking.Features.Count];
        Targets = new float[Count * Heads.Count];
        for (var s = 0; s < _slates.Count; s++)
        {
            _slates[s].Features.CopyTo(Features, _starts[s] * Ranking.Features.Count);
            for (var i = 0; i < _slates[s].Count; i++)
            {
                for (var h = 0; h < Heads.Count; h++)
                    Targets[(_starts[s] + i) * Heads.Count + h] = (int)_slates[s].Outcomes[i] >> h & 1;
            }
        }
    }

    public int Count => _starts[^1];

    public int Slates => _slates.Count;

    public SlateRows Slate(int slate) => new(_starts[slate], _starts[slate + 1] - _starts[slate]);

    public ReadOnlySpan<float> TargetsOf(SlateRows slate) => Targets.AsSpan(slate.First * Heads.Count, slate.Count * Heads.Count);

    public float[] Features { get; }

    /// <summary>0 or 1 for each head of each row.</summary>
    public float[] Targets { get; }

    /// <summary>Of each head, the share of rows where it came true, kept away from 0 and 1: what a model begins with.</summary>
    public float[] Rates()
    {
        var sums = new double[Heads.Count];
        for (var i = 0; i < Targets.Length; i++)
            sums[i % Heads.Count] += Targets[i];
        return Array.ConvertAll(sums, sum => (float)((sum + 0.5) / (Count + 1)));
    }
}
