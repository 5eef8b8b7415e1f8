using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Tidings.People;

namespace Tidings.Ranking;

/// <summary>A reader got a page of an experiment.</summary>
/// <param name="Experiment">Its id.</param>
/// <param name="Failed">The variant's model could not score it.</param>
public readonly record struct Exposure(uint Experiment, UserId Reader, byte Variant, bool Failed);

/// <summary>Pages of experiments on their way to the figures. Where the queue is full a page goes uncounted: no reader waits.</summary>
public sealed class Exposures
{
    public const int QueueMax = 16_384;

    private static readonly Counter<long> Dropped = new Meter("Tidings.Ranking").CreateCounter<long>(
        "tidings.ranking.exposures_dropped", "{page}", "Pages of experiments that were not counted.");

    private readonly Channel<Exposure> _queue = Channel.CreateBounded<Exposure>(new BoundedChannelOptions(QueueMax) { SingleReader = true });

    public void Note(in Exposure exposure)
    {
        if (!_queue.Writer.TryWrite(exposure))
            Dropped.Add(1);
    }

    public bool TryTake(out Exposure exposure) => _queue.Reader.TryRead(out exposure);
}
