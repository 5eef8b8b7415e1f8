using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Models.Evaluation;
using Tidings.Models.Training;
using Tidings.Ranking;
using Tidings.Server.Scoring;
using Tidings.Server.Tests.Simulation;
using Tidings.Server.Training;
using Xunit;

namespace Tidings.Server.Tests.Scoring;

public sealed class ModelShelfTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private static readonly Lazy<IReadOnlyList<LabelledSlate>> Slates = new(() => new SimulatedSlates(1, 6, 300).Make(null, Ct));

    private static byte[] Model(ulong seed) =>
        new ModelTraining(new TrainingOptions { Seed = seed, Epochs = 1 }, $"model {seed}").Learn([.. Slates.Value.OrderBy(s => s.UnixMs)], null, Ct).File;

    [Fact]
    public async Task Another_model_ranks_from_the_next_page_on_outlives_a_restart_and_can_be_rolled_back()
    {
        using var folder = new DataFolder();
        string admin;
        await using (var running = new RunningServer(TimeProvider.System, o => o, folder))
        {
            await running.InitializeAsync();
            admin = running.Server.NewAdminKey!;
            Assert.Equal("default", (await running.Admin.ModelAsync(Ct)).Current!.Name);
            Assert.Equal("model 1", (await running.Admin.PutModelAsync(Model(1), "one", Ct)).Current!.Name);
            var two = await running.Admin.PutModelAsync(Model(2), "two", Ct);
            Assert.Equal(two, await running.Admin.PutModelAsync(Model(2), "two", Ct));
            Assert.Equal(("model 2", "model 1"), (two.Current!.Name, two.Previous!.Name));
            Assert.Equal(two.Current.Version, running.Get<RankingPlans>().Model!.Version);
        }
        await using (var again = new RunningServer(TimeProvider.System, o => o, folder))
        {
            await again.InitializeAsync();
            var client = new TidingsClient(again.Http, admin);
            Assert.Equal("model 2", (await client.ModelAsync(Ct)).Current!.Name);
            Assert.Equal("model 1", (await client.RollBackModelAsync(Ct)).Current!.Name);
            Assert.Equal("default", (await client.RollBackModelAsync(Ct)).Current!.Name);
            Assert.Equal("nothing_before", (await Assert.ThrowsAsync<TidingsException>(() => client.RollBackModelAsync(Ct))).Problem!.Code);
        }
    }

    [Fact]
    public async Task Swapping_models_under_load_drops_no_request()
    {
        await using var running = new RunningServer(TimeProvider.System, o => o);
        await running.InitializeAsync();
        var (writer, reader) = (await running.JoinAsync("writer"), await running.JoinAsync("reader"));
        await RunningServer.BefriendAsync(writer, reader);
        for (var i = 0; i < 30; i++)
            await writer.Client.PublishAsync(new PublishRequest($"post {i}"), null, Ct);
        await running.SettledAsync();
        byte[][] models = [Model(1), Model(2)];

        using var stop = new CancellationTokenSource();
        var pages = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var page = await reader.Client.FeedAsync(null, 20, null, Ct);
                Assert.Equal(20, page.Items.Count);
                Interlocked.Increment(ref pages);
            }
        })).ToArray();
        for (var swap = 0; swap < 30; swap++)
        {
            var before = Volatile.Read(ref pages);
            if (swap % 5 == 4)
                await running.Admin.RollBackModelAsync(Ct);
            else
                await running.Admin.PutModelAsync(models[swap % 2], "swapped", Ct);
            await RunningServer.UntilAsync(() => Volatile.Read(ref pages) > before || readers.Any(r => r.IsFaulted));
        }
        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task What_is_no_model_is_refused_with_the_reason_and_changes_nothing()
    {
        await using var running = new RunningServer(TimeProvider.System, o => o);
        await running.InitializeAsync();
        var refused = await Assert.ThrowsAsync<TidingsException>(() => running.Admin.PutModelAsync("tree\nversion=v9\n"u8.ToArray(), "x", Ct));
        Assert.Equal((400, "model_refused"), (refused.Status, refused.Problem!.Code));
        Assert.Contains("'v9'", refused.Problem.Detail);
        Assert.Equal("default", (await running.Admin.ModelAsync(Ct)).Current!.Name);
        Assert.Empty(new ModelFolder(running.Get<Server.Hosting.ServeOptions>().DataFolder).Files);
    }

    [Fact]
    public async Task A_shadow_scores_a_share_of_the_batches_and_changes_no_page()
    {
        await using var running = new RunningServer(TimeProvider.System, o => o);
        await running.InitializeAsync();
        var (writer, reader) = (await running.JoinAsync("writer"), await running.JoinAsync("reader"));
        await RunningServer.BefriendAsync(writer, reader);
        for (var i = 0; i < 5; i++)
            await writer.Client.PublishAsync(new PublishRequest($"post {i}"), null, Ct);
        await running.SettledAsync();
        var shadowed = await running.Admin.PutShadowAsync(Model(1), "s", 2, Ct);
        Assert.Equal(("default", "model 1", 2), (shadowed.Current!.Name, shadowed.Shadow!.Name, shadowed.Shadow.Every));
        for (var i = 0; i < 6; i++)
            await reader.Client.FeedAsync(null, 20, null, Ct);
        var shadow = (await running.Admin.ModelAsync(Ct)).Shadow!;
        Assert.Equal(0, shadow.Failures);
        Assert.InRange(shadow.Batches, 3, 6);
        Assert.Equal(5 * shadow.Batches, shadow.Candidates);
        Assert.True(shadow.MeanDifference > 0);
        Assert.Equal(1, shadow.TopKept);
        await running.Admin.DropShadowAsync(Ct);
        Assert.Null((await running.Admin.ModelAsync(Ct)).Shadow);
    }

    [Fact]
    public void The_model_that_ships_can_rank() => Assert.Equal(("default", 16), (LocalModels.Default().Name, LocalModels.Default().Version.Length));
}
