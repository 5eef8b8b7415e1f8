using BenchmarkDotNet.Attributes;
using Tidings.Bench.Worlds;

namespace Tidings.Bench.Micro;

/// <summary>One slice of 1,000 deliveries into full inboxes of a million people, beside a bare ring write loop on as many.</summary>
public class InboxPush
{
    private InboxWorld _world = null!;

    [Params(1_000_000)]
    public int People { get; set; }

    [Params(true, false)]
    public bool Sorted { get; set; }

    [GlobalSetup]
    public void Setup() => _world = new InboxWorld(People);

    [GlobalCleanup]
    public void Cleanup() => _world.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = InboxWorld.SliceReaders)]
    public int BareRing() => _world.WriteRings(Sorted);

    [Benchmark(OperationsPerInvoke = InboxWorld.SliceReaders)]
    public int Push() => _world.PushSlice(Sorted);
}
