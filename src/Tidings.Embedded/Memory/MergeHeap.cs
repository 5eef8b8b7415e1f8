namespace Tidings.Embedded.Memory;

/// <summary>A binary heap over given memory: the least key on top.</summary>
internal ref struct MergeHeap(Span<MergeHeap.Entry> entries)
{
    private readonly Span<Entry> _entries = entries;

    public int Count { get; private set; }

    public readonly Entry Top => _entries[0];

    /// <summary>Adds without ordering; <see cref="Order"/> afterwards.</summary>
    public void Append(ulong key, int source) => _entries[Count++] = new Entry(key, source);

    public readonly void Order()
    {
        for (var i = (Count / 2) - 1; i >= 0; i--)
            Sink(_entries[i], i);
    }

    public readonly void ReplaceTop(ulong key, int source) => Sink(new Entry(key, source), 0);

    public void RemoveTop()
    {
        Count--;
        if (Count > 0) Sink(_entries[Count], 0);
    }

    private readonly void Sink(Entry entry, int at)
    {
        var entries = _entries[..Count];
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= entries.Length) break;
            if (child + 1 < entries.Length && entries[child + 1].Key < entries[child].Key) child++;
            if (entries[child].Key >= entry.Key) break;
            entries[at] = entries[child];
            at = child;
        }
        entries[at] = entry;
    }

    public readonly record struct Entry(ulong Key, int Source);
}
