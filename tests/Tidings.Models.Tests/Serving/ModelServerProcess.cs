using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tidings.ModelServers;
using Tidings.ModelServers.OpenInference;
using Tidings.ModelServers.TensorFlow;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Serving;

/// <summary>What a model server does wrong.</summary>
internal enum Fault { None, Slow, WrongShape, Nonsense, Reset, Refuses }

/// <summary>
/// A server on real sockets that evaluates a real model and speaks all four protocols as TensorFlow Serving, Triton and MLServer do: gRPC on one port, REST on the other.
/// </summary>
internal sealed class ModelServerProcess : IAsyncLifetime
{
    private readonly WebApplication _app;

    public ModelServerProcess(IRankingModel model)
    {
        Brain = new Brain(model);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore().AddSingleton(Brain).AddGrpc();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<TensorFlowServing>();
        _app.MapGrpcService<OpenInferenceServer>();
        _app.MapPost("/v1/models/ranker:predict", TensorFlowRestAsync);
        _app.MapPost("/v2/models/ranker/infer", OpenInferenceRestAsync);
    }

    public Brain Brain { get; }

    public async ValueTask InitializeAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Brain.Release();
        await _app.DisposeAsync();
    }

    public ModelServerOptions Options(ModelProtocol protocol)
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        var isGrpc = protocol is ModelProtocol.TensorFlowGrpc or ModelProtocol.OpenInferenceGrpc;
        return new ModelServerOptions(protocol, new Uri(addresses[isGrpc ? 0 : 1]), "ranker");
    }

    private async Task TensorFlowRestAsync(HttpContext http)
    {
        var asked = (await JsonNode.ParseAsync(http.Request.Body))!["instances"]!.AsArray();
        var heads = await Brain.ThinkAsync([.. asked.SelectMany(row => row!.AsArray().Select(v => v!.GetValue<float>()))], http);
        var rows = heads.Chunk(Heads.Count).Select(row => (JsonNode)new JsonArray([.. row.Select(v => (JsonNode)v)]));
        await http.Response.WriteAsync(new JsonObject { ["predictions"] = new JsonArray([.. rows]) }.ToJsonString());
    }

    private async Task OpenInferenceRestAsync(HttpContext http)
    {
        var input = (await JsonNode.ParseAsync(http.Request.Body))!["inputs"]![0]!;
        Assert.Equal("FP32", input["datatype"]!.GetValue<string>());
        var heads = await Brain.ThinkAsync([.. input["data"]!.AsArray().Select(v => v!.GetValue<float>())], http);
        var output = new JsonObject
        {
            ["name"] = "heads", ["datatype"] = "FP32", ["shape"] = new JsonArray(heads.Length / Heads.Count, Heads.Count),
            ["data"] = new JsonArray([.. heads.Select(v => (JsonNode)v)]),
        };
        await http.Response.WriteAsync(new JsonObject { ["model_name"] = "ranker", ["outputs"] = new JsonArray(output) }.ToJsonString());
    }

    internal sealed class TensorFlowServing(Brain brain) : PredictionService.PredictionServiceBase
    {
        public override async Task<PredictResponse> Predict(PredictRequest request, ServerCallContext context)
        {
            var input = request.Inputs["features"];
            Assert.Equal([input.TensorContent.Length / 4 / Features.Count, Features.Count], input.TensorShape.Dim.Select(d => d.Size));
            var heads = await brain.ThinkAsync(MemoryMarshal.Cast<byte, float>(input.TensorContent.Span).ToArray(), context.GetHttpContext());
            // As TensorFlow Serving answers: a list of values and no raw content.
            var tensor = new Tensor { Dtype = 1, TensorShape = new TensorShape(), FloatVal = { heads } };
            tensor.TensorShape.Dim.Add(new TensorShape.Types.Dim { Size = heads.Length / Heads.Count });
            tensor.TensorShape.Dim.Add(new TensorShape.Types.Dim { Size = Heads.Count });
            return new PredictResponse { Outputs = { ["heads"] = tensor } };
        }
    }

    internal sealed class OpenInferenceServer(Brain brain) : GRPCInferenceService.GRPCInferenceServiceBase
    {
        public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
        {
            var heads = await brain.ThinkAsync(MemoryMarshal.Cast<byte, float>(request.RawInputContents[0].Span).ToArray(), context.GetHttpContext());
            return new ModelInferResponse
            {
                Outputs = { new ModelInferResponse.Types.InferOutputTensor { Name = "heads", Datatype = "FP32", Shape = { heads.Length / Heads.Count, Heads.Count } } },
                RawOutputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(heads)) },
            };
        }
    }
}

/// <summary>What the server thinks, and what is wrong with it.</summary>
internal sealed class Brain(IRankingModel model)
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public Fault Fault { get; set; }

    public int Asked => Volatile.Read(ref _count);

    /// <summary>Ends when the server has a question in its hands.</summary>
    public Task NextQuestion()
    {
        _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _asked.Task;
    }

    public void Release() => _released.TrySetResult();

    public async Task<float[]> ThinkAsync(float[] rows, HttpContext http)
    {
        Interlocked.Increment(ref _count);
        _asked.TrySetResult();
        switch (Fault)
        {
            case Fault.Slow:
                await _released.Task.WaitAsync(http.RequestAborted);
                break;
            case Fault.Reset:
                http.Abort();
                break;
            case Fault.Refuses:
                throw new InvalidOperationException("The server is told to fail.");
        }
        var heads = Made.Predict(model, rows);
        return Fault switch
        {
            Fault.WrongShape => heads[..^Heads.Count],
            Fault.Nonsense => Array.ConvertAll(heads, _ => 17f),
            _ => heads,
        };
    }
}
