using Microsoft.Extensions.Time.Testing;
using Tidings.Models.Networks;
using Tidings.ModelServers;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Serving;

public sealed class RemoteModelTests
{
    private const int Candidates = 200;

    private static readonly NetworkModel Remote = new("remote", "1", Made.Network(seed: 1));
    private static readonly NetworkModel Local = new("local", "1", Made.Network(seed: 2));
    private static readonly float[] Rows = Made.Rows(Candidates);

    private readonly FakeTimeProvider _clock = new();

    public static TheoryData<ModelProtocol> Protocols => [.. Enum.GetValues<ModelProtocol>()];

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_model_server_scores_a_batch_as_its_model_does(ModelProtocol protocol)
    {
        await using var process = await StartAsync();
        using var server = new ModelServer(process.Options(protocol), _clock);
        Assert.Equal(Made.Predict(Remote, Rows), await PredictAsync(new RemoteModel(server, null)));
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task Whatever_a_model_server_does_wrong_the_local_model_answers(ModelProtocol protocol)
    {
        await using var process = await StartAsync();
        using var server = new ModelServer(process.Options(protocol) with { FailuresMax = 100 }, _clock);
        var model = new RemoteModel(server, Local);
        foreach (var fault in new[] { Fault.WrongShape, Fault.Nonsense, Fault.Reset, Fault.Refuses })
        {
            process.Brain.Fault = fault;
            Assert.Equal(Made.Predict(Local, Rows), await PredictAsync(model));
        }
        process.Brain.Fault = Fault.None;
        Assert.Equal(Made.Predict(Remote, Rows), await PredictAsync(model));
        Assert.Equal(5, process.Brain.Asked);
    }

    [Theory, MemberData(nameof(Protocols))]
    public async Task A_page_waits_for_a_slow_model_server_until_the_deadline_and_no_longer(ModelProtocol protocol)
    {
        await using var process = await StartAsync();
        using var server = new ModelServer(process.Options(protocol), _clock);
        process.Brain.Fault = Fault.Slow;
        var question = process.Brain.NextQuestion();
        var asking = PredictAsync(new RemoteModel(server, Local));
        await question;
        Assert.False(asking.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(Made.Predict(Local, Rows), await asking);
    }

    [Fact]
    public async Task After_five_failures_the_server_is_left_alone_for_thirty_seconds_and_then_tried_by_one_batch()
    {
        await using var process = await StartAsync();
        using var server = new ModelServer(process.Options(ModelProtocol.OpenInferenceGrpc), _clock);
        var model = new RemoteModel(server, Local);
        process.Brain.Fault = Fault.Refuses;
        for (var i = 0; i < 8; i++)
            Assert.Equal(Made.Predict(Local, Rows), await PredictAsync(model));
        Assert.Equal(5, process.Brain.Asked);
        Assert.Equal((BreakerState.Open, true), (server.Breaker, server.IsBroken));

        process.Brain.Fault = Fault.None;
        _clock.Advance(TimeSpan.FromSeconds(29));
        await PredictAsync(model);
        Assert.Equal(5, process.Brain.Asked);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Made.Predict(Remote, Rows), await PredictAsync(model));
        Assert.Equal(6, process.Brain.Asked);
        Assert.Equal((BreakerState.Closed, false), (server.Breaker, server.IsBroken));
    }

    [Fact]
    public async Task Without_a_local_model_a_failure_says_so_and_the_first_pass_ranks()
    {
        await using var process = await StartAsync();
        var options = process.Options(ModelProtocol.TensorFlowRest);
        await process.DisposeAsync();
        using var server = new ModelServer(options, _clock);
        await Assert.ThrowsAsync<RankingModelException>(() => PredictAsync(new RemoteModel(server, null)));
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_failure_of_the_server()
    {
        await using var process = await StartAsync();
        using var server = new ModelServer(process.Options(ModelProtocol.TensorFlowGrpc) with { FailuresMax = 2 }, _clock);
        var model = new RemoteModel(server, Local);
        process.Brain.Fault = Fault.Slow;
        for (var i = 0; i < 3; i++)
        {
            using var leaves = new CancellationTokenSource();
            var question = process.Brain.NextQuestion();
            var asking = model.PredictAsync(Rows, Candidates, new float[Candidates * Heads.Count], leaves.Token).AsTask();
            await question;
            await leaves.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }
        Assert.False(server.IsBroken);
    }

    [Theory]
    [InlineData("oip+grpc://127.0.0.1:8001/ranker", ModelProtocol.OpenInferenceGrpc, "http://127.0.0.1:8001/")]
    [InlineData("tfs+https://models.example:8501/ranker", ModelProtocol.TensorFlowRest, "https://models.example:8501/")]
    public void An_address_says_protocol_server_and_model(string address, ModelProtocol protocol, string server)
    {
        var options = ModelServerOptions.Parse(address)!;
        Assert.Equal((protocol, server, "ranker"), (options.Protocol, options.Server.ToString(), options.ModelName));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8001/ranker")]
    [InlineData("oip+grpc://127.0.0.1/ranker")]
    [InlineData("oip+grpc://127.0.0.1:8001")]
    [InlineData("oip+grpc://name:secret@127.0.0.1:8001/ranker")]
    [InlineData("ranker")]
    public void What_is_no_address_of_a_model_server_is_refused(string address) => Assert.Null(ModelServerOptions.Parse(address));

    private static async Task<ModelServerProcess> StartAsync()
    {
        var process = new ModelServerProcess(Remote);
        await process.InitializeAsync();
        return process;
    }

    private static async Task<float[]> PredictAsync(RemoteModel model)
    {
        var heads = new float[Candidates * Heads.Count];
        await model.PredictAsync(Rows, Candidates, heads, CancellationToken.None);
        return heads;
    }
}
