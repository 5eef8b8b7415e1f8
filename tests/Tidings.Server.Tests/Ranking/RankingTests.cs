using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Ranking;

public sealed class RankingTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Ranking_is_changed_while_it_runs_checked_and_kept_over_a_restart()
    {
        using var folder = new DataFolder();
        string adminKey;
        await using (var server = new Started(folder))
        {
            await server.InitializeAsync();
            adminKey = server.Server.Server.NewAdminKey!;
            var before = (await server.Admin.RankingAsync(Ct)).Profile;
            Assert.Equal((RankingDecay.Exponential, 720d, 2), (before.Decay, before.HalfLifeMinutes, before.PerAuthorMax));
            var after = await server.Admin.SetRankingAsync(new RankingRequest("seed", PerAuthorMax: 5, HeadWeights: new HeadWeightsView(Hide: 9)), Ct);
            Assert.Equal((RankingDecay.Hyperbolic, 5, 9f), (after.Profile.Decay, after.Profile.PerAuthorMax, after.Profile.HeadWeights.Hide));

            var wrong = await Assert.ThrowsAsync<TidingsException>(() => server.Admin.SetRankingAsync(new RankingRequest(FairnessMax: 2), Ct));
            Assert.Equal((400, "fairness_max"), (wrong.Status, wrong.Problem!.Errors!.Single().Field));
            await Assert.ThrowsAsync<TidingsException>(() => server.Admin.SetRankingAsync(new RankingRequest("none"), Ct));
        }
        await using (var again = new Started(folder))
        {
            await again.InitializeAsync();
            Assert.Equal(5, (await again.Server.Anonymous.As(adminKey).RankingAsync(Ct)).Profile.PerAuthorMax);
        }
        await using var other = new Started(folder, "chronological");
        await other.InitializeAsync();
        Assert.Equal(100, (await other.Server.Anonymous.As(adminKey).RankingAsync(Ct)).Profile.PerAuthorMax);
    }

    [Fact]
    public async Task An_experiment_runs_is_told_by_why_reported_and_stopped()
    {
        using var folder = new DataFolder();
        await using var started = new Started(folder);
        await started.InitializeAsync();
        var (server, admin) = (started.Server, started.Admin);
        await admin.SetRankingAsync(new RankingRequest("seed", PerAuthorMax: 5), Ct);
        var made = await admin.StartExperimentAsync(
            new ExperimentRequest("decay", [new VariantRequest("now", 0.5f, new RankingRequest()), new VariantRequest("seed", 0.5f, new RankingRequest("seed"))]), Ct);
        Assert.Null(made.EndedAt);
        Assert.Equal((await admin.RankingAsync(Ct)).Profile, made.Variants[0].Ranking);
        Assert.Equal((5, 2), (made.Variants[0].Ranking.PerAuthorMax, made.Variants[1].Ranking.PerAuthorMax));
        Assert.Equal("decay", (await admin.RankingAsync(Ct)).Experiment);

        var (writer, reader) = (await server.JoinAsync("writer"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(writer.Id, Ct);
        var post = await writer.Client.PublishAsync(new PublishRequest("news"), null, Ct);
        await server.SettledAsync();
        await reader.Client.FeedAsync(null, null, null, Ct);
        await reader.Client.LikeAsync(post.Id, Ct);
        Assert.StartsWith("decay/", (await reader.Client.WhyAsync(post.Id, Ct)).Variant);
        await server.Get<RunExperiments>().StepAsync(Ct);

        var report = await admin.ExperimentReportAsync("decay", Ct);
        Assert.Equal(1, report.Variants.Sum(variant => variant.Readers));
        Assert.Equal(1, report.Variants.Sum(variant => variant.Readers * variant.Metrics.Single(metric => metric.Name == "likes").PerReader.Mean));
        Assert.Equal("stopped", (await admin.StopExperimentAsync("decay", Ct)).EndReason);
        Assert.Null((await admin.RankingAsync(Ct)).Experiment);
        Assert.Single((await admin.ExperimentsAsync(Ct)).Items);
        Assert.Equal(404, (await Assert.ThrowsAsync<TidingsException>(() => admin.ExperimentReportAsync("other", Ct))).Status);
    }

    private sealed class Started(DataFolder folder, string ranking = "kept") : IAsyncDisposable
    {
        public RunningServer Server { get; } = new(TimeProvider.System, options => options with { Ranking = ranking }, folder);

        public TidingsClient Admin => Server.Admin;

        public ValueTask InitializeAsync() => Server.InitializeAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
