namespace Tidings.Embedded.Memory;

/// <summary>
/// A large immutable set of ids: a tree of fixed height, root → nodes → chunks of at most <see cref="ChunkMax"/> ids. A change copies one
/// chunk, one node and the root, some 8 KiB for a set of ten millions; none of these is large enough for the large object heap up to
/// some hundred millions.
/// 1. A chunk that is full splits in two halves, a node likewise. New ids mostly come at random, so halves fill evenly.
/// 2. A chunk that falls below an eighth joins its neighbour when both fit into three quarters; an empty one goes. Nodes only go when empty:
///    a set that has shrunk that far is rebuilt as an array by <see cref="SortedIds"/>.
/// </summary>
internal sealed class SortedChunks
{
    public const int ChunkMax = 1_024;
    private const int ChunkFilled = ChunkMax * 7 / 8, ChunkJoined = ChunkMax * 3 / 4, ChunkFew = ChunkMax / 8;
    private const int NodeMax = 256, NodeFilled = NodeMax * 3 / 4;

    private readonly Node[] _nodes;
    private readonly uint[] _firsts;

    private SortedChunks(Node[] nodes, uint[] firsts, int count) => (_nodes, _firsts, Count) = (nodes, firsts, count);

    public int Count { get; }

    public static SortedChunks From(ReadOnlySpan<uint> sorted)
    {
        var nodes = new List<Node>();
        var chunks = new List<uint[]>(NodeFilled);
        for (var at = 0; at < sorted.Length; at += ChunkFilled)
        {
            chunks.Add(sorted.Slice(at, Math.Min(ChunkFilled, sorted.Length - at)).ToArray());
            if (chunks.Count < NodeFilled && at + ChunkFilled < sorted.Length) continue;
            nodes.Add(new Node([.. chunks], [.. chunks.Select(chunk => chunk[0])]));
            chunks.Clear();
        }
        return new SortedChunks([.. nodes], [.. nodes.Select(node => node.Firsts[0])], sorted.Length);
    }

    /// <summary>The only chunk that the id can be in.</summary>
    public uint[] ChunkOf(uint id)
    {
        var node = _nodes[Search.Covering(_firsts, id)];
        return node.Chunks[Search.Covering(node.Firsts, id)];
    }

    public ReadOnlySpan<uint> RunFrom(uint from)
    {
        var n = Search.Covering(_firsts, from);
        var c = Search.Covering(_nodes[n].Firsts, from);
        var chunk = _nodes[n].Chunks[c];
        var at = Search.LowerBound(chunk, from);
        if (at < chunk.Length) return chunk.AsSpan(at);
        if (c + 1 < _nodes[n].Chunks.Length) return _nodes[n].Chunks[c + 1];
        return n + 1 < _nodes.Length ? _nodes[n + 1].Chunks[0] : default;
    }

    public SortedChunks Add(uint id)
    {
        var n = Search.Covering(_firsts, id);
        var node = _nodes[n].Add(id);
        if (node == _nodes[n]) return this;
        if (node.Chunks.Length <= NodeMax) return With(n, node, Count + 1);
        var half = node.Chunks.Length / 2;
        var left = new Node(node.Chunks[..half], node.Firsts[..half]);
        var right = new Node(node.Chunks[half..], node.Firsts[half..]);
        return new SortedChunks(
            Arrays.With(Arrays.WithAt<Node>(_nodes, n, left), n + 1, right),
            Arrays.With(Arrays.WithAt<uint>(_firsts, n, left.Firsts[0]), n + 1, right.Firsts[0]), Count + 1);
    }

    public SortedChunks Remove(uint id)
    {
        var n = Search.Covering(_firsts, id);
        var node = _nodes[n].Remove(id);
        if (node == _nodes[n]) return this;
        return node.Chunks.Length > 0
            ? With(n, node, Count - 1)
            : new SortedChunks(Arrays.Without<Node>(_nodes, n), Arrays.Without<uint>(_firsts, n), Count - 1);
    }

    public uint[] ToArray()
    {
        var all = new uint[Count];
        var at = 0;
        foreach (var node in _nodes)
        {
            foreach (var chunk in node.Chunks)
            {
                chunk.CopyTo(all, at);
                at += chunk.Length;
            }
        }
        return all;
    }

    private SortedChunks With(int at, Node node, int count) => new(
        Arrays.WithAt(_nodes, at, node), _firsts[at] == node.Firsts[0] ? _firsts : Arrays.WithAt(_firsts, at, node.Firsts[0]), count);

    /// <summary>Holds the first id of each chunk beside it: a change must not touch the chunks that it doesn't change.</summary>
    private sealed class Node(uint[][] chunks, uint[] firsts)
    {
        public readonly uint[][] Chunks = chunks;
        public readonly uint[] Firsts = firsts;

        public Node Add(uint id)
        {
            var c = Search.Covering(Firsts, id);
            var chunk = Chunks[c];
            var at = Search.LowerBound(chunk, id);
            if (at < chunk.Length && chunk[at] == id) return this;
            var grown = Arrays.With(chunk, at, id);
            var half = grown.Length / 2;
            return grown.Length <= ChunkMax ? With(c, grown) : With(c, grown[..half]).With(c + 1, grown[half..], inserted: true);
        }

        public Node Remove(uint id)
        {
            var c = Search.Covering(Firsts, id);
            var chunk = Chunks[c];
            var at = Search.LowerBound(chunk, id);
            if (at == chunk.Length || chunk[at] != id) return this;
            if (chunk.Length == 1) return Without(c);
            var fewer = Arrays.Without<uint>(chunk, at);
            if (fewer.Length >= ChunkFew || Chunks.Length == 1) return With(c, fewer);
            var left = Math.Max(0, c - 1);
            uint[] joined = c > 0 ? [.. Chunks[left], .. fewer] : [.. fewer, .. Chunks[1]];
            return joined.Length <= ChunkJoined ? Without(left + 1).With(left, joined) : With(c, fewer);
        }

        private Node With(int at, uint[] chunk, bool inserted = false) => inserted
            ? new(Arrays.With(Chunks, at, chunk), Arrays.With(Firsts, at, chunk[0]))
            : new(Arrays.WithAt(Chunks, at, chunk), Firsts[at] == chunk[0] ? Firsts : Arrays.WithAt(Firsts, at, chunk[0]));

        private Node Without(int at) => new(Arrays.Without<uint[]>(Chunks, at), Arrays.Without<uint>(Firsts, at));
    }
}
