using Tidings.Models.Onnx;
using Tidings.Ranking;

namespace Tidings.Models.Networks;

/// <summary>
/// Layers ↔ ONNX nodes. We write Max, Min, Gemm, Relu and Sigmoid, in a chain; read are these and what other trainers write for the same:
/// Clip, Add, Sub, Mul, Div with constants, MatMul, Tanh, and what changes nothing.
/// </summary>
internal static class NetworkGraph
{
    public static void Write(OnnxWriter onnx, IReadOnlyList<Layer> layers)
    {
        for (var n = 0; n < layers.Count; n++)
        {
            switch (layers[n])
            {
                case Bounds bounds:
                    onnx.Node("Max", "", [onnx.Constant($"low_{n}", bounds.Low, bounds.Inputs)]);
                    onnx.Node("Min", "", [onnx.Constant($"high_{n}", bounds.High, bounds.Inputs)]);
                    break;
                case Dense dense:
                    onnx.Node("Gemm", "", [
                        onnx.Constant($"weights_{n}", dense.Weights, dense.Outputs, dense.Inputs), onnx.Constant($"biases_{n}", dense.Biases, dense.Outputs),
                    ], OnnxWriter.Int("transB", 1));
                    break;
                case Curve curve:
                    onnx.Node(curve.Bend.ToString(), "", []);
                    break;
                default:
                    throw new ArgumentException($"A {layers[n].GetType().Name} is not written.", nameof(layers));
            }
        }
    }

    /// <returns>Null where the graph is no chain of layers that we know.</returns>
    /// <param name="unknown">What it has that we don't know.</param>
    public static IReadOnlyList<Layer>? Read(OnnxGraph graph, out string unknown)
    {
        unknown = "";
        if (graph.Inputs.Count != 1 || graph.Outputs.Count != 1 || graph.Nodes.Count > ModelLimits.GraphNodesMax)
        {
            unknown = $"{graph.Inputs.Count} inputs, {graph.Outputs.Count} outputs, {graph.Nodes.Count} nodes";
            return null;
        }
        if (graph.Inputs[0].Shape is [_, > 0 and var columns] && columns != Features.Count)
            throw new ModelFileException($"The graph takes {columns} features; there are {Features.Count}.");
        var layers = new List<Layer>();
        var (value, width) = (graph.Inputs[0].Name, Features.Count);
        foreach (var node in graph.Nodes)
        {
            var layer = node.Domain.Length == 0 && node.Inputs.Count(input => input == value) == 1 ? Read(node, value, graph, width) : null;
            if (layer is null)
            {
                unknown = $"the node {node.Operator} of {(node.Domain.Length == 0 ? "ONNX" : node.Domain)} with the inputs {string.Join(", ", node.Inputs.Take(8))}";
                return null;
            }
            layers.AddRange(layer);
            value = node.Outputs is [var output] ? output : "";
            width = layers.Count > 0 ? layers[^1].Outputs : width;
        }
        if (value == graph.Outputs[0].Name)
            return layers;
        unknown = $"an output {graph.Outputs[0].Name} that is not that of the last node";
        return null;
    }

    private static IReadOnlyList<Layer>? Read(OnnxNode node, string value, OnnxGraph graph, int width)
    {
        switch (node.Operator)
        {
            case "Identity" or "Dropout" or "Flatten": return [];
            case "Relu": return [new Curve(Bend.Relu, width)];
            case "Sigmoid": return [new Curve(Bend.Sigmoid, width)];
            case "Tanh": return [new Curve(Bend.Tanh, width)];
            case "Gemm": return Gemm(node, value, graph, width);
            case "Clip": return Clip(node, graph, width);
        }
        if (node.Inputs.Count != 2)
            return null;
        var other = node.Inputs[node.Inputs[0] == value ? 1 : 0];
        var isFirst = node.Inputs[0] == value;
        if (!graph.Constants.TryGetValue(other, out var constant))
            return null;
        if (node.Operator == "MatMul")
            return isFirst && constant.Shape is [var rows, var columns] && rows == width ? [Dense(constant, width, (int)columns, false, null)] : null;
        if (Row(constant, width) is not { } row)
            return null;
        return node.Operator switch
        {
            "Add" => [new Scale(Filled(width, 1), row)],
            "Sub" when isFirst => [new Scale(Filled(width, 1), Array.ConvertAll(row, v => -v))],
            "Mul" => [new Scale(row, new float[width])],
            "Div" when isFirst => [new Scale(Array.ConvertAll(row, v => 1 / v), new float[width])],
            "Max" => [new Bounds(row, Filled(width, float.PositiveInfinity))],
            "Min" => [new Bounds(Filled(width, float.NegativeInfinity), row)],
            _ => null,
        };
    }

    private static IReadOnlyList<Layer>? Gemm(OnnxNode node, string value, OnnxGraph graph, int width)
    {
        if (node.Inputs.Count is < 2 or > 3 || node.Inputs[0] != value || node.Int("transA", 0) != 0 || node.Float("alpha", 1) != 1 || node.Float("beta", 1) != 1
            || !graph.Constants.TryGetValue(node.Inputs[1], out var weights) || weights.Shape.Count != 2)
            return null;
        var transposed = node.Int("transB", 0) != 0;
        var (inputs, outputs) = transposed ? (weights.Shape[1], weights.Shape[0]) : (weights.Shape[0], weights.Shape[1]);
        if (inputs != width || outputs is 0 or > ModelLimits.LayerWidthMax || weights.Values.Length != inputs * outputs)
            throw new ModelFileException($"A Gemm has weights of [{string.Join(", ", weights.Shape)}], of which {weights.Values.Length} are floats, for {width} values.");
        float[]? biases = null;
        if (node.Inputs.Count == 3 && (!graph.Constants.TryGetValue(node.Inputs[2], out var constant) || (biases = Row(constant, (int)outputs)) is null))
            return null;
        return [Dense(weights, width, (int)outputs, transposed, biases)];
    }

    private static Dense Dense(OnnxTensor weights, int inputs, int outputs, bool transposed, float[]? biases)
    {
        if (weights.Values.Length != (long)inputs * outputs || outputs is 0 or > ModelLimits.LayerWidthMax)
            throw new ModelFileException($"A layer has weights of [{string.Join(", ", weights.Shape)}], of which {weights.Values.Length} are floats.");
        var rows = new float[inputs * outputs];
        for (var o = 0; o < outputs; o++)
        {
            for (var i = 0; i < inputs; i++)
                rows[o * inputs + i] = weights.Values[transposed ? o * inputs + i : i * outputs + o];
        }
        return new Dense(inputs, outputs, rows, biases ?? new float[outputs]);
    }

    private static IReadOnlyList<Layer>? Clip(OnnxNode node, OnnxGraph graph, int width)
    {
        var (low, high) = (node.Float("min", float.NegativeInfinity), node.Float("max", float.PositiveInfinity));
        for (var i = 1; i < node.Inputs.Count; i++)
        {
            if (node.Inputs[i].Length == 0)
                continue;
            if (!graph.Constants.TryGetValue(node.Inputs[i], out var constant) || constant.Values.Length != 1)
                return null;
            (low, high) = i == 1 ? (constant.Values[0], high) : (low, constant.Values[0]);
        }
        return [new Bounds(Filled(width, low), Filled(width, high))];
    }

    /// <summary>A constant that stands for a row of the width: a number, or as many as there are columns.</summary>
    private static float[]? Row(OnnxTensor constant, int width)
    {
        if (constant.Shape.Count > 2 || (constant.Shape.Count == 2 && constant.Shape[0] != 1))
            return null;
        return constant.Values.Length == width ? constant.Values : constant.Values.Length == 1 ? Filled(width, constant.Values[0]) : null;
    }

    private static float[] Filled(int width, float value)
    {
        var row = new float[width];
        Array.Fill(row, value);
        return row;
    }
}
