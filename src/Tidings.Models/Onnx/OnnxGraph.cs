namespace Tidings.Models.Onnx;

/// <summary>What of an ONNX file we look at (onnx.proto, IR versions 3 to 12): nodes, constants, the names and shapes of what goes in and out.</summary>
internal sealed record OnnxGraph(
    IReadOnlyList<OnnxNode> Nodes, IReadOnlyDictionary<string, OnnxTensor> Constants, IReadOnlyList<OnnxPort> Inputs, IReadOnlyList<OnnxPort> Outputs,
    IReadOnlyDictionary<string, string> Properties);

/// <param name="Domain">Empty for ONNX itself, <c>ai.onnx.ml</c> for trees.</param>
internal sealed record OnnxNode(
    string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, OnnxAttribute> Attributes)
{
    public float Float(string name, float fallback) => Attributes.TryGetValue(name, out var found) ? found.Float : fallback;

    public long Int(string name, long fallback) => Attributes.TryGetValue(name, out var found) ? found.Int : fallback;

    public string Text(string name, string fallback) => Attributes.TryGetValue(name, out var found) ? found.Text : fallback;

    public IReadOnlyList<float> Floats(string name) => Attributes.TryGetValue(name, out var found) ? found.Floats : [];

    public IReadOnlyList<long> Ints(string name) => Attributes.TryGetValue(name, out var found) ? found.Ints : [];

    public IReadOnlyList<string> Texts(string name) => Attributes.TryGetValue(name, out var found) ? found.Texts : [];
}

internal sealed class OnnxAttribute
{
    public float Float { get; set; }
    public long Int { get; set; }
    public string Text { get; set; } = "";
    public List<float> Floats { get; } = [];
    public List<long> Ints { get; } = [];
    public List<string> Texts { get; } = [];
}

/// <param name="Values">Floats only; empty for a tensor of another type.</param>
internal sealed record OnnxTensor(IReadOnlyList<long> Shape, float[] Values);

/// <param name="Shape">−1 where a dimension is open.</param>
/// <param name="IsFloat">Its elements are 32-bit floats.</param>
internal sealed record OnnxPort(string Name, IReadOnlyList<long> Shape, bool IsFloat);
