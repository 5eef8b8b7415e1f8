using System.Runtime.InteropServices;
using Tidings.Graph;
using Tidings.People;

namespace Tidings.Embedded.Memory;

/// <summary>
/// Derives incoming lists from outgoing ones, by counting sort: for a million targets at a time, count how many each gets, give each its
/// stretch of one buffer, and fill the stretches, walking the sources in rising order, so that every stretch is sorted when it is full.
/// Two walks over the lists for each million people, no allocation but the lists themselves; the counts and the heads of the stretches
/// of a million stay in the processor's caches.
/// </summary>
internal static unsafe class Inversion
{
    private const int TargetsAtOnce = 1 << 20;

    public static void Derive(GraphMemory graph, TieList outgoing, TieList incoming, long end)
    {
        var heads = (uint*)NativeMemory.Alloc(TargetsAtOnce + 1, sizeof(uint));
        for (long from = 0; from < end; from += TargetsAtOnce)
        {
            NativeMemory.Clear(heads, (TargetsAtOnce + 1) * sizeof(uint));
            var edges = Count(graph, outgoing, from, end, heads);
            if (edges == 0) continue;
            using var buffer = new Pages(edges * sizeof(uint));
            var sources = (uint*)buffer.Start;
            Fill(graph, outgoing, from, end, heads, sources);
            uint start = 0;
            for (var i = 0; i < TargetsAtOnce; i++)
            {
                // Filling moved each head to where the next stretch begins.
                if (heads[i] > start)
                    graph.Publish(new UserId(from + i), incoming, SortedIds.From(new ReadOnlySpan<uint>(sources + start, (int)(heads[i] - start))));
                start = heads[i];
            }
        }
        NativeMemory.Free(heads);
    }

    /// <summary>Leaves in each head where the target's stretch begins.</summary>
    private static long Count(GraphMemory graph, TieList outgoing, long from, long end, uint* heads)
    {
        for (long person = 1; person < end; person++)
        {
            var ids = graph.List(new UserId(person), outgoing);
            if (ids.Count == 0) continue;
            for (var run = RunWithin(ids, from); run.Length > 0; run = RunWithin(ids, from, run))
            {
                foreach (var target in run)
                    heads[target - from]++;
            }
        }
        long edges = 0;
        for (var i = 0; i < TargetsAtOnce; i++)
        {
            var count = heads[i];
            heads[i] = checked((uint)edges);
            edges += count;
        }
        return edges;
    }

    private static void Fill(GraphMemory graph, TieList outgoing, long from, long end, uint* heads, uint* sources)
    {
        for (long person = 1; person < end; person++)
        {
            var ids = graph.List(new UserId(person), outgoing);
            if (ids.Count == 0) continue;
            for (var run = RunWithin(ids, from); run.Length > 0; run = RunWithin(ids, from, run))
            {
                foreach (var target in run)
                    sources[heads[target - from]++] = (uint)person;
            }
        }
    }

    private static ReadOnlySpan<uint> RunWithin(SortedIds ids, long from, ReadOnlySpan<uint> last = default)
    {
        var next = last.Length == 0 ? from : last[^1] + 1L;
        if (next >= from + TargetsAtOnce || next > uint.MaxValue) return default;
        var run = ids.RunFrom((uint)next);
        var beyond = from + TargetsAtOnce;
        return run.Length == 0 || run[^1] < beyond ? run : run[..Search.LowerBound(run, (uint)beyond)];
    }
}
