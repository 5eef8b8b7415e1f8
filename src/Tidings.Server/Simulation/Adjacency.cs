namespace Tidings.Server.Simulation;

/// <summary>Sorted lists of neighbours, packed one after the other: the starts of the lists, and the neighbours.</summary>
internal sealed class Adjacency
{
    private readonly int[] _starts;
    private readonly int[] _neighbours;

    /// <param name="edges">From · 2³² + to, in any order; repeated ones count once. Sorted by this.</param>
    public Adjacency(int nodes, List<ulong> edges)
    {
        edges.Sort();
        _starts = new int[nodes + 1];
        _neighbours = new int[edges.Count];
        for (var i = 0; i < edges.Count; i++)
        {
            if (i > 0 && edges[i] == edges[i - 1])
                continue;
            _neighbours[Count++] = (int)(uint)edges[i];
            _starts[(edges[i] >> 32) + 1] = Count;
        }
        for (var i = 1; i <= nodes; i++)
            _starts[i] = Math.Max(_starts[i], _starts[i - 1]);
    }

    private Adjacency(int[] starts, int[] neighbours) => (_starts, _neighbours, Count) = (starts, neighbours, neighbours.Length);

    public int Count { get; }

    public ReadOnlySpan<int> Of(int node) => _neighbours.AsSpan(_starts[node], _starts[node + 1] - _starts[node]);

    /// <summary>The same edges from their other end.</summary>
    public Adjacency Turned()
    {
        var nodes = _starts.Length - 1;
        var starts = new int[nodes + 1];
        foreach (var to in _neighbours.AsSpan(0, Count))
            starts[to + 1]++;
        for (var i = 1; i <= nodes; i++)
            starts[i] += starts[i - 1];

        var next = starts.AsSpan(0, nodes).ToArray();
        var turned = new int[Count];
        for (var from = 0; from < nodes; from++)
        {
            foreach (var to in Of(from))
                turned[next[to]++] = from;
        }
        return new Adjacency(starts, turned);
    }
}
