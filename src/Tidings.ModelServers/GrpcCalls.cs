using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Net.Client;
using Tidings.ModelServers.OpenInference;
using Tidings.ModelServers.TensorFlow;
using Tidings.Ranking;

namespace Tidings.ModelServers;

/// <summary>TensorFlow Serving's PredictionService.Predict: floats as the bytes of tensor_content.</summary>
internal sealed class TensorFlowGrpcCall(ModelServerOptions options, GrpcChannel channel) : IModelCall
{
    private const int FloatType = 1;

    private readonly PredictionService.PredictionServiceClient _client = new(channel);

    public async Task PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct)
    {
        var request = new PredictRequest { ModelSpec = new ModelSpec { Name = options.ModelName, SignatureName = "serving_default" } };
        request.Inputs[options.Input] = new Tensor
        {
            Dtype = FloatType,
            TensorShape = new TensorShape { Dim = { new TensorShape.Types.Dim { Size = candidates }, new TensorShape.Types.Dim { Size = Features.Count } } },
            TensorContent = ByteString.CopyFrom(MemoryMarshal.AsBytes(features.Span)),
        };
        var answer = await _client.PredictAsync(request, cancellationToken: ct);
        if (!answer.Outputs.TryGetValue(options.Output, out var tensor))
            throw new ModelServerException($"The model server answers {string.Join(", ", answer.Outputs.Keys.Take(8))} and not {options.Output}.");
        if (tensor.Dtype != FloatType)
            throw new ModelServerException($"The model server answers numbers of the type {tensor.Dtype}, not floats.");
        HeadsAnswer.CheckShape([.. (tensor.TensorShape?.Dim ?? []).Select(d => d.Size)], candidates);
        HeadsAnswer.Copy(tensor.TensorContent, tensor.FloatVal, heads.Span);
    }

    public void Dispose() => channel.Dispose();
}

/// <summary>The Open Inference Protocol's ModelInfer: floats as raw contents.</summary>
internal sealed class OpenInferenceGrpcCall(ModelServerOptions options, GrpcChannel channel) : IModelCall
{
    private readonly GRPCInferenceService.GRPCInferenceServiceClient _client = new(channel);

    public async Task PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct)
    {
        var request = new ModelInferRequest
        {
            ModelName = options.ModelName,
            Inputs = { new ModelInferRequest.Types.InferInputTensor { Name = options.Input, Datatype = HeadsAnswer.FloatType, Shape = { candidates, Features.Count } } },
            Outputs = { new ModelInferRequest.Types.InferRequestedOutputTensor { Name = options.Output } },
            RawInputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes(features.Span)) },
        };
        var answer = await _client.ModelInferAsync(request, cancellationToken: ct);
        if (answer.Outputs.Index().FirstOrDefault(o => o.Item.Name == options.Output) is not { Item: { } tensor, Index: var at })
            throw new ModelServerException($"The model server answers {string.Join(", ", answer.Outputs.Select(o => o.Name).Take(8))} and not {options.Output}.");
        if (tensor.Datatype != HeadsAnswer.FloatType)
            throw new ModelServerException($"The model server answers numbers of the type {tensor.Datatype}, not {HeadsAnswer.FloatType}.");
        HeadsAnswer.CheckShape([.. tensor.Shape], candidates);
        HeadsAnswer.Copy(at < answer.RawOutputContents.Count ? answer.RawOutputContents[at] : ByteString.Empty, tensor.Contents?.Fp32Contents ?? [], heads.Span);
    }

    public void Dispose() => channel.Dispose();
}

/// <summary>What an answer has to be, whatever the protocol.</summary>
internal static class HeadsAnswer
{
    public const string FloatType = "FP32";

    public static void CheckShape(ReadOnlySpan<long> shape, int candidates)
    {
        if (shape is not [var rows, Heads.Count] || rows != candidates)
            throw new ModelServerException($"The model server answers the shape [{string.Join(", ", shape.ToArray().Take(8))}], not [{candidates}, {Heads.Count}].");
    }

    /// <summary>From raw bytes, or where there are none from the list.</summary>
    public static void Copy(ByteString raw, RepeatedField<float> values, Span<float> heads)
    {
        if (raw.Length == heads.Length * sizeof(float))
        {
            raw.Span.CopyTo(MemoryMarshal.AsBytes(heads));
        }
        else if (raw.Length == 0 && values.Count == heads.Length)
        {
            for (var i = 0; i < heads.Length; i++)
                heads[i] = values[i];
        }
        else
        {
            throw new ModelServerException($"The model server answers {raw.Length} bytes and {values.Count} numbers, not {heads.Length} floats.");
        }
        CheckValues(heads);
    }

    /// <summary>Predictions are probabilities; anything else would order a feed by nonsense.</summary>
    public static void CheckValues(ReadOnlySpan<float> heads)
    {
        foreach (var value in heads)
        {
            if (!(value >= -0.001f && value <= 1.001f))
                throw new ModelServerException($"The model server predicts {value}, which is no probability.");
        }
    }
}
