using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.Feeds;

public sealed class RunExperimentsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Variant[] Halves = [new("a", 0.5f, RankingProfile.Default), new("b", 0.5f, RankingPresets.All["chronological"])];

    private SimulatedTidings _tidings = null!;
    private RunExperiments _experiments = null!;
    private PostId _post;
    private List<UserId> _readers = [];

    public async ValueTask InitializeAsync()
    {
        _tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        _experiments = New();
        var author = await _tidings.JoinAsync("author");
        _post = (await _tidings.Publish.ExecuteAsync(
            new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("post", [])), null, None)).Value.Id;
        _readers = [];
        for (var i = 0; i < 40; i++)
            _readers.Add(await _tidings.JoinAsync($"reader_{i}"));
    }

    public ValueTask DisposeAsync() => _tidings.DisposeAsync();

    private RunExperiments New() =>
        new(_tidings.Profile.Ranking, _tidings.Plans, _tidings.Exposures, _tidings.Profile.Events, _tidings.Clock);

    private async Task ReadAsync(UserId reader)
    {
        using var page = (await _tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Ranked, 20, null), None)).Value;
    }

    private async Task<VariantReport[]> ReportAsync() => [.. (await _experiments.ReportAsync("test", None)).Value.Variants];

    private static double Sum(VariantReport[] report, string metric) =>
        report.Sum(variant => variant.Metrics.Single(one => one.Name == metric).PerReader.Mean * variant.Readers);

    [Fact]
    public async Task Pages_and_acts_count_once_for_the_readers_variant_also_over_a_restart()
    {
        Assert.True((await _experiments.StartAsync("test", Halves, 0.2f, None)).IsOk);
        foreach (var reader in _readers)
            await ReadAsync(reader);
        await ReadAsync(_readers[0]);
        await _tidings.Mark.ExecuteAsync(_readers[0], _post, Mark.Like, true, None);
        await _experiments.StepAsync(None);
        await _tidings.Mark.ExecuteAsync(_readers[0], _post, Mark.Like, false, None);
        await _tidings.Comment.ExecuteAsync(_readers[1], _post, "hm", null, None);
        await _tidings.RestartAsync();
        _tidings.Plans.Use((Experiment?)null);
        _experiments = New();
        await _experiments.LoadAsync(None);
        Assert.Equal("test", _tidings.Plans.Experiment?.Name);
        await _experiments.StepAsync(None);
        await _experiments.StepAsync(None);

        var report = await ReportAsync();
        Assert.Equal(40, report.Sum(variant => variant.Readers));
        Assert.Equal(_readers.Count(reader => _tidings.Plans.For(reader).VariantAt == 0), report[0].Readers);
        Assert.Equal(41, report.Sum(variant => variant.Pages));
        Assert.Equal((1, 1, 0), (Sum(report, "likes"), Sum(report, "comments"), Sum(report, "shares")));
    }

    [Fact]
    public async Task Who_got_no_page_of_it_is_not_counted_and_an_experiment_that_was_stopped_ranks_for_nobody()
    {
        await _experiments.StartAsync("test", Halves, 0.2f, None);
        Assert.Equal("experiment_running", (await _experiments.StartAsync("other", Halves, 0.2f, None)).Rejection?.Code);
        await _tidings.Mark.ExecuteAsync(_readers[0], _post, Mark.Like, true, None);
        await _experiments.StepAsync(None);
        Assert.Equal("stopped", (await _experiments.StopAsync("test", None)).Value.EndReason);
        Assert.All(_readers, reader => Assert.Equal("", _tidings.Plans.For(reader).Variant));
        Assert.Equal(0, (await ReportAsync()).Sum(variant => variant.Readers));
        Assert.Equal("experiment_exists", (await _experiments.StartAsync("test", Halves, 0.2f, None)).Rejection?.Code);
        Assert.Equal("experiment_not_found", (await _experiments.StopAsync("other", None)).Rejection?.Code);
    }

    [Fact]
    public async Task A_variant_that_makes_readers_hide_posts_is_ended_by_the_guardrail()
    {
        await _experiments.StartAsync("test", [Halves[0] with { Share = 0.5f }, Halves[1]], 0, None);
        foreach (var reader in _readers)
        {
            await ReadAsync(reader);
            if (_tidings.Plans.For(reader).VariantAt == 1)
                await _tidings.Mark.ExecuteAsync(reader, _post, Mark.Hide, true, None);
        }
        await _experiments.StepAsync(None);
        Assert.Null(_tidings.Plans.Experiment);
        var ended = (await _experiments.ReportAsync("test", None)).Value;
        Assert.Equal("guardrail: b makes more readers hide posts", ended.Experiment.EndReason);
        Assert.True(ended.Variants[1].HidesEvidence >= Guardrail.EvidenceMax);
    }
}
