using BenchmarkDotNet.Attributes;
using Tidings.Bench.Worlds;

namespace Tidings.Bench.Micro;

/// <summary>Whole pages in the engine, over a record in a folder.</summary>
public class FeedReads
{
    private FeedWorld _world = null!;

    [GlobalSetup]
    public void Setup() => _world = FeedWorld.OpenAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Cleanup() => _world.DisposeAsync().AsTask().Wait();

    [Benchmark(Baseline = true, Description = "ranked page of 20 from 500")]
    public int Ranked() => _world.ReadRanked();

    [Benchmark(Description = "latest page of 20")]
    public int Latest() => _world.ReadLatest();

    [Benchmark(Description = "ranked page, inbox rebuilt from 200 timelines")]
    public int Rebuild()
    {
        _world.DropInbox();
        return _world.ReadReturning();
    }
}
