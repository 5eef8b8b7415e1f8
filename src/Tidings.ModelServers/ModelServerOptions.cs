namespace Tidings.ModelServers;

/// <summary>The protocol that a model server speaks.</summary>
public enum ModelProtocol
{
    /// <summary>TensorFlow Serving's PredictionService over gRPC: <c>tfs+grpc://host:8500/model</c>.</summary>
    TensorFlowGrpc,
    /// <summary>TensorFlow Serving's REST: <c>tfs+http://host:8501/model</c>.</summary>
    TensorFlowRest,
    /// <summary>The Open Inference Protocol v2 over gRPC (KServe, Triton, MLServer): <c>oip+grpc://host:8001/model</c>.</summary>
    OpenInferenceGrpc,
    /// <summary>The Open Inference Protocol v2 over REST: <c>oip+http://host:8000/model</c>.</summary>
    OpenInferenceRest,
}

/// <summary>Where a model server is and how long it may take. Each scheme has one with an s for TLS: <c>oip+grpcs</c>, <c>tfs+https</c>.</summary>
/// <param name="Server">Scheme, host and port, as a plain address.</param>
public sealed record ModelServerOptions(ModelProtocol Protocol, Uri Server, string ModelName)
{
    /// <summary>How long one batch may take, milliseconds. 1 to 10,000; default 50.</summary>
    public int DeadlineMs { get; init; } = 50;

    /// <summary>Failures in a row after which the server is left alone. 1 to 100; default 5, the seed's figure.</summary>
    public int FailuresMax { get; init; } = 5;

    /// <summary>For how long, seconds. 1 to 3,600; default 30, the seed's figure.</summary>
    public int BreakSeconds { get; init; } = 30;

    /// <summary>What the model calls its input, and its output of [candidates, 4].</summary>
    public string Input { get; init; } = "features";

    public string Output { get; init; } = "heads";

    /// <returns>Null where this is no address of a model server.</returns>
    public static ModelServerOptions? Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.AbsolutePath.Trim('/') is not { Length: > 0 } model || model.Contains('/') || uri.Query.Length > 0
            || uri.Port <= 0 || uri.UserInfo.Length > 0)
            return null;
        ModelProtocol? protocol = uri.Scheme switch
        {
            "tfs+grpc" or "tfs+grpcs" => ModelProtocol.TensorFlowGrpc,
            "tfs+http" or "tfs+https" => ModelProtocol.TensorFlowRest,
            "oip+grpc" or "oip+grpcs" => ModelProtocol.OpenInferenceGrpc,
            "oip+http" or "oip+https" => ModelProtocol.OpenInferenceRest,
            _ => null,
        };
        var scheme = uri.Scheme.EndsWith('s') ? "https" : "http";
        return protocol is { } known ? new ModelServerOptions(known, new Uri($"{scheme}://{uri.Authority}"), Uri.UnescapeDataString(model)) : null;
    }
}
