using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Tidings.Ranking;

namespace Tidings.OnnxRuntime;

/// <summary>A file is no graph that ONNX Runtime can rank with here; the message says why.</summary>
public sealed class OnnxRuntimeException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// Any ONNX graph of one float input [candidates, <see cref="Features.Count"/>] and a float output [candidates, 4], or [candidates, 1] for likes alone, in
/// Microsoft's ONNX Runtime on one thread: more were always slower for batches of this size. The native library is loaded with the first such model and not
/// before. Calls reuse their tensors; a call still allocates some 200 bytes in the library itself.
/// </summary>
public sealed class OnnxRuntimeModel : IRankingModel, IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string _input, _output;
    private readonly int _outputs;

    /// <exception cref="OnnxRuntimeException">The file is damaged, or its inputs and outputs are others.</exception>
    public OnnxRuntimeModel(byte[] file, string name, string version)
    {
        (Name, Version) = (name, version);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            _session = new InferenceSession(file, options);
        }
        catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException e)
        {
            throw new OnnxRuntimeException($"ONNX Runtime does not take the graph: {e.Message}", e);
        }
        try
        {
            _input = InputOf(_session);
            (_output, _outputs) = OutputOf(_session);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public string Name { get; }

    public string Version { get; }

    public unsafe void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
    {
        if (candidates == 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(features.Length, candidates * Features.Count, nameof(features));
        ArgumentOutOfRangeException.ThrowIfLessThan(heads.Length, candidates * Heads.Count, nameof(heads));
        // A graph of one output leaves room for its numbers among the heads; they are spread out below.
        fixed (float* from = features, to = heads)
        {
            using var input = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [candidates, Features.Count], (nint)from, candidates * Features.Count * sizeof(float));
            using var output = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [candidates, _outputs], (nint)to, candidates * _outputs * sizeof(float));
            try
            {
                _session.Run(_run, [_input], [input], [_output], [output]);
            }
            catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException e)
            {
                throw new RankingModelException($"ONNX Runtime failed: {e.Message}", e);
            }
        }
        for (var i = candidates - 1; i >= 0 && _outputs == 1; i--)
        {
            var like = heads[i];
            heads.Slice(i * Heads.Count, Heads.Count).Clear();
            heads[i * Heads.Count] = like;
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static string InputOf(InferenceSession session) => session.InputMetadata.ToArray() is [var (name, input)]
        && input.ElementType == typeof(float) && input.Dimensions is [_, var columns] && columns is -1 or Features.Count
            ? name
            : throw new OnnxRuntimeException($"The graph takes {Said(session.InputMetadata)}; it takes floats of [candidates, {Features.Count}] alone.");

    private static (string Name, int Columns) OutputOf(InferenceSession session)
    {
        foreach (var (name, output) in session.OutputMetadata)
        {
            if (output.ElementType == typeof(float) && output.Dimensions is [_, Heads.Count or 1])
                return (name, output.Dimensions[1]);
        }
        throw new OnnxRuntimeException($"The graph gives {Said(session.OutputMetadata)}; it gives floats of [candidates, {Heads.Count}], or [candidates, 1].");
    }

    private static string Said(IReadOnlyDictionary<string, NodeMetadata> ports) =>
        string.Join(", ", ports.Take(8).Select(p => $"{p.Key} {p.Value.ElementType?.Name}[{string.Join(", ", p.Value.Dimensions ?? [])}]"));
}
