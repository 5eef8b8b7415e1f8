using System.Runtime.InteropServices;

namespace Tidings.Models.Onnx;

/// <summary>Bytes of an ONNX file → <see cref="OnnxGraph"/>. The numbers of the fields are those of onnx.proto.</summary>
internal static class OnnxReader
{
    private const int FloatType = 1;

    /// <exception cref="ModelFileException">It is damaged, or keeps its numbers in other files.</exception>
    public static OnnxGraph Read(ReadOnlySpan<byte> file)
    {
        var reader = new ProtoReader(file, "ONNX file");
        var properties = new Dictionary<string, string>();
        OnnxGraph? graph = null;
        while (reader.Next())
        {
            if (reader is { Field: 7, Wire: Wire.Bytes })
                graph = Graph(reader.Bytes(), properties);
            else if (reader is { Field: 14, Wire: Wire.Bytes })
                Property(reader.Bytes(), properties);
            else
                reader.Skip();
        }
        return graph ?? throw new ModelFileException("The ONNX file has no graph.");
    }

    private static OnnxGraph Graph(ReadOnlySpan<byte> message, Dictionary<string, string> properties)
    {
        var reader = new ProtoReader(message, "ONNX graph");
        var nodes = new List<OnnxNode>();
        var constants = new Dictionary<string, OnnxTensor>();
        var (inputs, outputs) = (new List<OnnxPort>(), new List<OnnxPort>());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: nodes.Add(Node(reader.Bytes())); break;
                case 5:
                    var (name, tensor) = Tensor(reader.Bytes());
                    constants[name] = tensor;
                    break;
                case 11: inputs.Add(Port(reader.Bytes())); break;
                case 12: outputs.Add(Port(reader.Bytes())); break;
                default: reader.Skip(); break;
            }
            if (nodes.Count > ModelLimits.GraphNodesMax * 16)
                throw new ModelFileException($"The ONNX graph has more than {ModelLimits.GraphNodesMax * 16} nodes.");
        }
        // Before IR version 4 every constant was listed as an input, too.
        inputs.RemoveAll(input => constants.ContainsKey(input.Name));
        return new OnnxGraph(nodes, constants, inputs, outputs, properties);
    }

    private static OnnxNode Node(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message, "ONNX node");
        var (op, domain, inputs, outputs) = ("", "", new List<string>(), new List<string>());
        var attributes = new Dictionary<string, OnnxAttribute>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: inputs.Add(reader.Text()); break;
                case 2: outputs.Add(reader.Text()); break;
                case 4: op = reader.Text(); break;
                case 5:
                    var (name, value) = Attribute(reader.Bytes());
                    attributes[name] = value;
                    break;
                case 7: domain = reader.Text(); break;
                default: reader.Skip(); break;
            }
        }
        return new OnnxNode(op, domain == "ai.onnx" ? "" : domain, inputs, outputs, attributes);
    }

    private static (string Name, OnnxAttribute Value) Attribute(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message, "ONNX attribute");
        var (name, value) = ("", new OnnxAttribute());
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = reader.Text(); break;
                case 2: value.Float = reader.Float(); break;
                case 3: value.Int = reader.Int64(); break;
                case 4: value.Text = reader.Text(); break;
                case 7: reader.Floats(value.Floats); break;
                case 8: reader.Int64s(value.Ints); break;
                case 9: value.Texts.Add(reader.Text()); break;
                default: reader.Skip(); break;
            }
        }
        return (name, value);
    }

    private static (string Name, OnnxTensor Tensor) Tensor(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message, "ONNX constant");
        var (name, shape, values, type) = ("", new List<long>(), new List<float>(), 0L);
        var raw = ReadOnlySpan<byte>.Empty;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: reader.Int64s(shape); break;
                case 2: type = reader.Int64(); break;
                case 4: reader.Floats(values); break;
                case 8: name = reader.Text(); break;
                case 9: raw = reader.Bytes(); break;
                case 13: throw new ModelFileException("The ONNX file keeps its numbers in other files; save it as one file.");
                default: reader.Skip(); break;
            }
        }
        if (type != FloatType)
            return (name, new OnnxTensor(shape, []));
        if (raw.Length % 4 != 0)
            throw reader.Bad($"{name} has {raw.Length} bytes of floats");
        float[] floats = values.Count > 0 ? [.. values] : MemoryMarshal.Cast<byte, float>(raw).ToArray();
        var size = 1L;
        foreach (var dimension in shape)
            size = dimension is >= 0 and <= int.MaxValue && size <= int.MaxValue ? size * dimension : -1;
        return size == floats.Length
            ? (name, new OnnxTensor(shape, floats))
            : throw reader.Bad($"{name} has the shape [{string.Join(", ", shape)}] and {floats.Length} values");
    }

    private static OnnxPort Port(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message, "ONNX port");
        var (name, shape, isFloat) = ("", new List<long>(), false);
        while (reader.Next())
        {
            if (reader.Field == 1)
                name = reader.Text();
            else if (reader is { Field: 2, Wire: Wire.Bytes })
                isFloat = Type(reader.Bytes(), shape);
            else
                reader.Skip();
        }
        return new OnnxPort(name, shape, isFloat);
    }

    /// <summary>TypeProto.tensor_type: elem_type, and a shape of dimensions with a value or a name.</summary>
    private static bool Type(ReadOnlySpan<byte> message, List<long> shape)
    {
        var isFloat = false;
        var type = new ProtoReader(message, "ONNX type");
        while (type.Next())
        {
            if (type is not { Field: 1, Wire: Wire.Bytes })
            {
                type.Skip();
                continue;
            }
            var tensor = new ProtoReader(type.Bytes(), "ONNX tensor type");
            while (tensor.Next())
            {
                if (tensor.Field == 1)
                    isFloat = tensor.Int64() == FloatType;
                else if (tensor is { Field: 2, Wire: Wire.Bytes })
                    Shape(tensor.Bytes(), shape);
                else
                    tensor.Skip();
            }
        }
        return isFloat;
    }

    private static void Shape(ReadOnlySpan<byte> message, List<long> shape)
    {
        var dimensions = new ProtoReader(message, "ONNX shape");
        while (dimensions.Next())
        {
            if (dimensions.Field != 1)
            {
                dimensions.Skip();
                continue;
            }
            var dimension = new ProtoReader(dimensions.Bytes(), "ONNX dimension");
            var value = -1L;
            while (dimension.Next())
            {
                if (dimension.Field == 1)
                    value = dimension.Int64();
                else
                    dimension.Skip();
            }
            shape.Add(value);
        }
    }

    private static void Property(ReadOnlySpan<byte> message, Dictionary<string, string> properties)
    {
        var reader = new ProtoReader(message, "ONNX property");
        var (key, value) = ("", "");
        while (reader.Next())
        {
            if (reader.Field == 1)
                key = reader.Text();
            else if (reader.Field == 2)
                value = reader.Text();
            else
                reader.Skip();
        }
        properties[key] = value;
    }
}
