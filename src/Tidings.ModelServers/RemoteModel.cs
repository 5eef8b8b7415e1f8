using System.Diagnostics.Metrics;
using Grpc.Core;
using Grpc.Net.Client;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Tidings.Ranking;

namespace Tidings.ModelServers;

/// <summary>
/// A model on a server, with a deadline and a breaker:
/// 1. a batch that isn't answered within <see cref="ModelServerOptions.DeadlineMs"/> has failed, and so has one that is answered by nonsense;
/// 2. after <see cref="ModelServerOptions.FailuresMax"/> failures in a row the server is left alone for <see cref="ModelServerOptions.BreakSeconds"/>, then one
///    batch tries it;
/// 3. whatever the server doesn't score, the model in this process does; where there is none, the first pass's order stands.
/// So a page waits for the deadline at most, and for nothing while the breaker is open. Only the caller's own cancellation leaves as one.
/// </summary>
public sealed class RemoteModel : IRemoteRankingModel
{
    private static readonly Meter Meter = new("Tidings.ModelServers");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("tidings.model_server.failures", "{batch}", "Batches that the model server did not score.");

    private readonly ModelServer _server;
    private readonly IRankingModel? _local;

    /// <param name="local">Stands in; null where there is none.</param>
    public RemoteModel(ModelServer server, IRankingModel? local) => (_server, _local) = (server, local);

    public string Name => _server.Options.ModelName;

    /// <summary>The address: what the server's model is, it alone knows.</summary>
    public string Version => $"{_server.Options.Protocol} {_server.Options.Server.Authority}";

    public ModelServer Server => _server;

    public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
    {
        if (_local is null)
            throw new RankingModelException("The model is on a server, and none stands in for it.");
        _local.Predict(features, candidates, heads);
    }

    public async ValueTask PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct)
    {
        try
        {
            await _server.PredictAsync(features[..(candidates * Features.Count)], candidates, heads[..(candidates * Heads.Count)], ct);
        }
        catch (Exception e) when (ModelServer.IsFailure(e) || e is BrokenCircuitException)
        {
            Failures.Add(1);
            if (_local is null)
                throw new RankingModelException($"The model server can't predict: {e.Message}", e);
            _local.Predict(features.Span, candidates, heads.Span);
        }
    }
}

public enum BreakerState
{
    /// <summary>The server is asked.</summary>
    Closed,
    /// <summary>It is left alone.</summary>
    Open,
    /// <summary>One batch tries it.</summary>
    HalfOpen,
}

/// <summary>The connection to one model server, and its breaker.</summary>
public sealed class ModelServer : IDisposable
{
    private readonly IModelCall _call;
    private readonly ResiliencePipeline _pipeline;
    private readonly CircuitBreakerStateProvider _state = new();

    public ModelServer(ModelServerOptions options, TimeProvider clock)
    {
        Options = options;
        _call = Connect(options);
        // Polly counts by ratio over a window: at least so many calls of which all failed is so many in a row, with the window as long as the break.
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = 1,
                MinimumThroughput = Math.Max(2, options.FailuresMax),
                SamplingDuration = TimeSpan.FromSeconds(options.BreakSeconds),
                BreakDuration = TimeSpan.FromSeconds(options.BreakSeconds),
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsFailure),
                StateProvider = _state,
            })
            .AddTimeout(TimeSpan.FromMilliseconds(options.DeadlineMs))
            .Build();
    }

    public ModelServerOptions Options { get; }

    public BreakerState Breaker => _state.CircuitState switch
    {
        CircuitState.Closed => BreakerState.Closed,
        CircuitState.HalfOpen => BreakerState.HalfOpen,
        _ => BreakerState.Open,
    };

    /// <summary>The server is left alone just now.</summary>
    public bool IsBroken => Breaker == BreakerState.Open;

    internal static bool IsFailure(Exception e) =>
        e is ModelServerException or RpcException or HttpRequestException or TimeoutRejectedException or IOException;

    internal async ValueTask PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct) =>
        await _pipeline.ExecuteAsync(
            static async (state, token) =>
            {
                try
                {
                    await state.Call.PredictAsync(state.Features, state.Candidates, state.Heads, token);
                }
                catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled && token.IsCancellationRequested)
                {
                    // So the deadline knows its own.
                    throw new OperationCanceledException(e.Message, e, token);
                }
            }, (Call: _call, Features: features, Candidates: candidates, Heads: heads), ct);

    public void Dispose() => _call.Dispose();

    private static IModelCall Connect(ModelServerOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(Math.Max(options.DeadlineMs, 1_000)),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            EnableMultipleHttp2Connections = true,
            UseProxy = false,
            AllowAutoRedirect = false,
        };
        return options.Protocol switch
        {
            ModelProtocol.TensorFlowGrpc => new TensorFlowGrpcCall(options, Channel()),
            ModelProtocol.OpenInferenceGrpc => new OpenInferenceGrpcCall(options, Channel()),
            ModelProtocol.TensorFlowRest => new TensorFlowRestCall(options, Client()),
            _ => new OpenInferenceRestCall(options, Client()),
        };

        GrpcChannel Channel() => GrpcChannel.ForAddress(options.Server, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = 2 * 1024 * 1024 });

        HttpClient Client() => new(handler) { BaseAddress = options.Server, Timeout = Timeout.InfiniteTimeSpan };
    }
}
