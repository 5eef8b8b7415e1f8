using System.Net;
using System.Net.Sockets;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Feeds;

public sealed class FeedQualityTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    /// <summary>A port that was free a moment ago, on which nobody answers.</summary>
    private static int SilentPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Theory]
    [InlineData("none", "unranked", "model_server_away")]
    [InlineData("default", "full", null)]
    public async Task A_page_says_that_the_model_server_is_away_unless_a_model_here_stands_in(string model, string quality, string? reason)
    {
        await using var server = new RunningServer(
            TimeProvider.System, o => o with { Model = model, ModelServer = $"tfs+http://127.0.0.1:{SilentPort()}/ranker", ModelServerMs = 1_000 });
        await server.InitializeAsync();
        var writer = await server.JoinAsync("writer");
        await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        for (var i = 0; i < 6; i++)
        {
            var page = await writer.Client.FeedAsync(null, null, null, Ct);
            Assert.Equal((quality, reason), (page.Quality, page.QualityReason));
        }
        Assert.Equal("full", (await writer.Client.FeedAsync("latest", null, null, Ct)).Quality);

        // Six failures in a row, and the server is left alone; the figures say so.
        VitalsSampleView[] samples;
        do
            samples = [.. (await server.Admin.VitalsAsync(null, Ct)).Samples];
        while (samples.LastOrDefault() is not { ModelServer.Breaker: "open" } || samples.Sum(sample => sample.ModelServer!.Failures) < 6);
        Assert.Equal(reason is null ? 0 : 6, samples.Sum(sample => sample.Quality.Unranked.GetValueOrDefault("model_server_away")));
    }
}
