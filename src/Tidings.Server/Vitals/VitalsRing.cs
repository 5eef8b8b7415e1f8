using Tidings.Client.Wire;

namespace Tidings.Server.Vitals;

/// <summary>The samples of the last while, at most <see cref="KeptMax"/>: a quarter of an hour, some 2 MB.</summary>
internal sealed class VitalsRing
{
    public const int KeptMax = 900;

    private readonly Lock _gate = new();
    private readonly VitalsSampleView?[] _kept = new VitalsSampleView?[KeptMax];
    private long _first, _last;

    /// <param name="start">Below the number of the first sample. The clock's seconds: numbers then go on rising over restarts, for a sample takes a second.</param>
    public VitalsRing(long start) => (_first, _last) = (start + 1, start);

    public long Next
    {
        get
        {
            lock (_gate) return _last + 1;
        }
    }

    /// <param name="sample">Numbered <see cref="Next"/>.</param>
    public void Add(VitalsSampleView sample)
    {
        lock (_gate)
        {
            _last = sample.Seq;
            _kept[_last % KeptMax] = sample;
            _first = Math.Max(_first, _last - KeptMax + 1);
        }
    }

    /// <summary>The samples after a number; all where it is of another life.</summary>
    public VitalsView After(long seq)
    {
        lock (_gate)
        {
            var from = seq > _last ? _first : Math.Max(seq + 1, _first);
            var samples = new VitalsSampleView[_last + 1 - from];
            for (var i = 0; i < samples.Length; i++)
                samples[i] = _kept[(from + i) % KeptMax]!;
            return new VitalsView(_last, KeptMax, samples);
        }
    }
}
