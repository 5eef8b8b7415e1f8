using System.Runtime.InteropServices;
using Tidings.Ranking;

namespace Tidings.Models.Onnx;

/// <summary>
/// Writes an ONNX file (IR version 8, opset 15, ai.onnx.ml 3): one input <c>features</c> of [candidates, <see cref="Features.Count"/>], one output
/// <c>heads</c> of [candidates, 4]. Nodes form a chain: each takes what the one before gave. The same calls give the same bytes.
/// </summary>
internal sealed class OnnxWriter
{
    private const int FloatType = 1;
    private const long IrVersion = 8, Opset = 15, MlOpset = 3;

    private readonly List<ProtoWriter> _nodes = [], _constants = [];
    private string _last = "features";

    /// <summary>Adds a node of one output. Constants follow what came before as its further inputs.</summary>
    public OnnxWriter Node(string op, string domain, IReadOnlyList<string> constants, params ReadOnlySpan<ProtoWriter> attributes)
    {
        var node = new ProtoWriter().Text(1, _last);
        foreach (var constant in constants)
            node.Text(1, constant);
        _last = $"{op.ToLowerInvariant()}_{_nodes.Count}";
        node.Text(2, _last).Text(3, _last).Text(4, op);
        foreach (var attribute in attributes)
            node.Message(5, attribute);
        if (domain.Length > 0)
            node.Text(7, domain);
        _nodes.Add(node);
        return this;
    }

    /// <returns>The constant's name.</returns>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        var tensor = new ProtoWriter().Int64s(1, shape.ToArray()).Int64(2, FloatType).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(values));
        _constants.Add(tensor);
        return name;
    }

    public static ProtoWriter Int(string name, long value) => new ProtoWriter().Text(1, name).Int64(3, value).Int64(20, 2);

    public static ProtoWriter Text(string name, string value) => new ProtoWriter().Text(1, name).Text(4, value).Int64(20, 3);

    public static ProtoWriter Floats(string name, ReadOnlySpan<float> values) => new ProtoWriter().Text(1, name).Floats(7, values).Int64(20, 6);

    public static ProtoWriter Ints(string name, IEnumerable<long> values) => new ProtoWriter().Text(1, name).Int64s(8, values).Int64(20, 7);

    public static ProtoWriter Texts(string name, IEnumerable<string> values)
    {
        var attribute = new ProtoWriter().Text(1, name);
        foreach (var value in values)
            attribute.Text(9, value);
        return attribute.Int64(20, 8);
    }

    /// <param name="properties">Kept in the file as they are, in this order.</param>
    public byte[] Finish(string name, IReadOnlyList<(string Key, string Value)> properties)
    {
        _nodes.Add(new ProtoWriter().Text(1, _last).Text(2, "heads").Text(3, "heads").Text(4, "Identity"));
        var graph = new ProtoWriter();
        foreach (var node in _nodes)
            graph.Message(1, node);
        graph.Text(2, name);
        foreach (var constant in _constants)
            graph.Message(5, constant);
        graph.Message(11, Port("features", Features.Count)).Message(12, Port("heads", Heads.Count));

        var model = new ProtoWriter().Int64(1, IrVersion).Text(2, "tidings").Message(7, graph)
            .Message(8, new ProtoWriter().Text(1, "").Int64(2, Opset))
            .Message(8, new ProtoWriter().Text(1, "ai.onnx.ml").Int64(2, MlOpset));
        foreach (var (key, value) in properties)
            model.Message(14, new ProtoWriter().Text(1, key).Text(2, value));
        return model.ToArray();
    }

    private static ProtoWriter Port(string name, long columns) => new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1,
        new ProtoWriter().Int64(1, FloatType).Message(2, new ProtoWriter()
            .Message(1, new ProtoWriter().Text(2, "candidates"))
            .Message(1, new ProtoWriter().Int64(1, columns)))));
}
