namespace Tidings.Embedded.Memory;

/// <summary>
/// An immutable set of person ids, sorted. Adding and removing make a new set that shares what did not change, so whoever holds one walks
/// through it in peace. One reference: nothing for the empty set, an exact array up to <see cref="FlatMax"/> ids, above that
/// <see cref="SortedChunks"/>; 4 bytes an id.
/// </summary>
internal readonly struct SortedIds
{
    /// <summary>Beyond it copying an array for each change costs more than the walk to the chunk.</summary>
    public const int FlatMax = 1_024;

    /// <summary>Chunks turn back into one array here and not at <see cref="FlatMax"/>, so that a set at the border doesn't flap.</summary>
    private const int FlatAgain = FlatMax / 2;

    private readonly object? _ids;

    private SortedIds(object? ids) => _ids = ids;

    public int Count => _ids switch { null => 0, uint[] flat => flat.Length, var chunks => ((SortedChunks)chunks).Count };

    /// <param name="sorted">Rising, each once.</param>
    public static SortedIds From(ReadOnlySpan<uint> sorted) =>
        sorted.Length == 0 ? default : new(sorted.Length <= FlatMax ? sorted.ToArray() : SortedChunks.From(sorted));

    /// <summary>Takes the set out of a field that another thread replaces.</summary>
    public static SortedIds Read(ref readonly SortedIds field) => new(Volatile.Read(in field._ids));

    /// <summary>Replaces the set in a field that other threads read.</summary>
    public static void Publish(ref SortedIds field, SortedIds set) =>
        Volatile.Write(ref System.Runtime.CompilerServices.Unsafe.AsRef(in field._ids), set._ids);

    public bool Contains(uint id)
    {
        var run = _ids is uint[] flat ? flat : ((SortedChunks?)_ids)?.ChunkOf(id);
        var at = Search.LowerBound(run, id);
        return at < run?.Length && run[at] == id;
    }

    public SortedIds Add(uint id)
    {
        if (_ids is SortedChunks chunks) return new(chunks.Add(id));
        var flat = (uint[]?)_ids ?? [];
        var at = Search.LowerBound(flat, id);
        if (at < flat.Length && flat[at] == id) return this;
        var grown = Arrays.With(flat, at, id);
        return new(grown.Length <= FlatMax ? grown : SortedChunks.From(grown));
    }

    public SortedIds Remove(uint id)
    {
        if (_ids is SortedChunks chunks)
        {
            var fewer = chunks.Remove(id);
            return fewer.Count > FlatAgain ? new(fewer) : new(fewer.ToArray());
        }
        var flat = (uint[]?)_ids ?? [];
        var at = Search.LowerBound(flat, id);
        if (at == flat.Length || flat[at] != id) return this;
        return flat.Length == 1 ? default : new(Arrays.Without(flat, at));
    }

    /// <param name="sorted">Rising, each once.</param>
    public SortedIds Union(ReadOnlySpan<uint> sorted)
    {
        if (_ids is null) return From(sorted);
        // A few into many: each alone shares the rest. Else one merge of everything is less.
        if (sorted.Length <= 1 + (Count / SortedChunks.ChunkMax))
        {
            var set = this;
            foreach (var id in sorted)
                set = set.Add(id);
            return set;
        }
        var all = new uint[Count + sorted.Length];
        var mine = ToArray();
        int m = 0, s = 0, count = 0;
        while (m < mine.Length || s < sorted.Length)
        {
            var next = s == sorted.Length || (m < mine.Length && mine[m] <= sorted[s]) ? mine[m] : sorted[s];
            if (m < mine.Length && mine[m] == next) m++;
            if (s < sorted.Length && sorted[s] == next) s++;
            all[count++] = next;
        }
        return From(all.AsSpan(0, count));
    }

    /// <summary>Ids that lie together in memory, beginning with the first that is at least <paramref name="from"/>; empty after the last.</summary>
    public ReadOnlySpan<uint> RunFrom(uint from)
    {
        if (_ids is not uint[] flat) return ((SortedChunks?)_ids) is { } chunks ? chunks.RunFrom(from) : default;
        return flat.AsSpan(Search.LowerBound(flat, from));
    }

    /// <summary>The next ids above <paramref name="after"/>, rising.</summary>
    /// <returns>How many were written; fewer than the room given means that there are no more.</returns>
    public int CopyAfter(uint after, Span<uint> into)
    {
        var count = 0;
        while (count < into.Length && after < uint.MaxValue)
        {
            var run = RunFrom(after + 1);
            if (run.Length == 0) break;
            run = run[..Math.Min(run.Length, into.Length - count)];
            run.CopyTo(into[count..]);
            count += run.Length;
            after = run[^1];
        }
        return count;
    }

    public uint[] ToArray()
    {
        var all = new uint[Count];
        CopyFrom(0, all);
        return all;
    }

    private void CopyFrom(uint from, Span<uint> into)
    {
        var run = RunFrom(from);
        while (run.Length > 0)
        {
            run.CopyTo(into);
            into = into[run.Length..];
            run = run[^1] == uint.MaxValue ? default : RunFrom(run[^1] + 1);
        }
    }
}
