using BenchmarkDotNet.Attributes;
using Tidings.Bench.Worlds;
using Tidings.Ranking;

namespace Tidings.Bench.Micro;

/// <summary>What reads do in memory, part by part.</summary>
public class InMemory
{
    private readonly FirstPass _firstPass = new(RankingProfile.Default);
    private TimelineWorld _world = null!;
    private long _now;

    [GlobalSetup]
    public void Setup()
    {
        _world = new TimelineWorld(candidates: 500);
        _now = _world.Headers[0].Id.UnixMs;
    }

    [GlobalCleanup]
    public void Cleanup() => _world.Dispose();

    [Benchmark(Description = "500 headers of a million")]
    public int Headers() => _world.GetHeaders();

    [Benchmark(Description = "200 timelines merged to 1,000")]
    public int Merge() => _world.Merge();

    [Benchmark(Description = "first pass of 500")]
    public float FirstPass()
    {
        var sum = 0f;
        foreach (ref readonly var header in _world.Headers.AsSpan())
            sum += _firstPass.Score(header, 10, _now);
        return sum;
    }
}
