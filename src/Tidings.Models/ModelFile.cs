using System.Security.Cryptography;
using Tidings.Models.Networks;
using Tidings.Models.Onnx;
using Tidings.Models.Trees;
using Tidings.Ranking;

namespace Tidings.Models;

/// <summary>
/// Bytes of a model file → a model that ranks, and back. What a file is, its beginning tells: ONNX, LightGBM's text, XGBoost's JSON. ONNX graphs of
/// the kinds that we write are evaluated here; any other is given to <c>other</c>, where there is one.
/// </summary>
public static class ModelFile
{
    private const string NameKey = "tidings.name", FeaturesKey = "tidings.features", VersionKey = "tidings.features_version";

    /// <summary>Loads an ONNX graph that isn't evaluated here. Throws <see cref="ModelFileException"/> where it can't either.</summary>
    public delegate IRankingModel OtherGraphs(byte[] file, string name, string version);

    /// <param name="name">For a file that does not say its own.</param>
    /// <exception cref="ModelFileException">It can't rank here; the message says why.</exception>
    public static IRankingModel Read(byte[] file, string name, OtherGraphs? other = null)
    {
        if (file.Length is 0 or > ModelLimits.FileBytesMax)
            throw new ModelFileException($"The file has {file.Length:N0} bytes; a model has 1 to {ModelLimits.FileBytesMax:N0}.");
        var version = Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 8));
        if (LightGbmText.Looks(file))
            return new ForestModel(name, version, LightGbmText.Read(file));
        if (XgboostJson.Looks(file))
            return new ForestModel(name, version, XgboostJson.Read(file));
        if (XgboostJson.IsJson(file))
            throw new ModelFileException("The file is neither ONNX, LightGBM's text nor XGBoost's JSON: it begins with a brace, and has no learner.");

        var graph = OnnxReader.Read(file);
        var own = graph.Properties.GetValueOrDefault(NameKey, name);
        name = own.Length > ModelLimits.NameCharsMax ? own[..ModelLimits.NameCharsMax] : own;
        CheckFeatures(graph);
        if (graph.Inputs is not [{ IsFloat: true }])
            throw new ModelFileException($"The graph has the inputs {Quoted(string.Join(", ", graph.Inputs.Select(i => i.Name)))}; it has one, of 32-bit floats.");
        if (ForestGraph.Read(graph, out var noForest) is { } forest)
            return new ForestModel(name, version, forest);
        if (NetworkGraph.Read(graph, out var noNetwork) is { } layers)
            return new NetworkModel(name, version, layers);
        return other?.Invoke(file, name, version) ?? throw new ModelFileException(
            $"The graph has {(graph.Nodes.Any(n => n.Operator == ForestGraph.Operator) ? noForest : noNetwork)}, which isn't evaluated here.");
    }

    /// <exception cref="ModelFileException"/>
    /// <exception cref="IOException">There is no such file, or it can't be read.</exception>
    public static IRankingModel Open(string path, OtherGraphs? other = null)
    {
        var length = new FileInfo(path).Length;
        if (length > ModelLimits.FileBytesMax)
            throw new ModelFileException($"The file has {length:N0} bytes; a model has at most {ModelLimits.FileBytesMax:N0}.");
        return Read(File.ReadAllBytes(path), Path.GetFileNameWithoutExtension(path), other);
    }

    internal static byte[] Write(string name, IReadOnlyList<Layer> layers) => Write(name, onnx => NetworkGraph.Write(onnx, layers));

    internal static byte[] Write(string name, Forest forest) => Write(name, onnx => ForestGraph.Write(onnx, forest));

    /// <summary>A text of a file in a message: short, and on one line.</summary>
    internal static string Quoted(string text)
    {
        var plain = new string([.. text.Take(60).Select(c => char.IsControl(c) ? ' ' : c)]);
        return $"'{plain}{(text.Length > 60 ? "…" : "")}'";
    }

    private static byte[] Write(string name, Action<OnnxWriter> graph)
    {
        var onnx = new OnnxWriter();
        graph(onnx);
        return onnx.Finish(name, [
            (NameKey, name), (VersionKey, Features.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)), (FeaturesKey, string.Join(',', Features.Names)),
        ]);
    }

    private static void CheckFeatures(OnnxGraph graph)
    {
        if (graph.Properties.TryGetValue(VersionKey, out var version) && version != Features.Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
            throw new ModelFileException($"The model was trained on version {Quoted(version)} of the features; this is version {Features.Version}.");
        if (graph.Properties.TryGetValue(FeaturesKey, out var names) && names != string.Join(',', Features.Names))
            throw new ModelFileException($"The model was trained on the features {Quoted(names)}; there are {string.Join(", ", Features.Names)}.");
    }
}
