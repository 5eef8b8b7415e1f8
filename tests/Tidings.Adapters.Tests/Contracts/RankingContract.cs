using Tidings.People;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class RankingContract : Contract
{
    private Experiment Made(uint id) => new(
        id, $"test-{id}", NowUnixMs, 0, "", 0.2f, [new Variant("a", 0.5f, RankingProfile.Default), new Variant("b", 0.5f, RankingProfile.Seed)]);

    [Fact]
    public async Task A_profile_is_kept_as_it_was_set_last()
    {
        Assert.Null(await Ports.Ranking.ProfileAsync(Ct));
        await Ports.Ranking.SetProfileAsync(RankingProfile.Default, Ct);
        await Ports.Ranking.SetProfileAsync(RankingProfile.Seed with { PerAuthorMax = 7, TypePreference = [1, 2, 3, 4] }, Ct);
        var kept = (await Ports.Ranking.ProfileAsync(Ct))!;
        Assert.Equal((7, Decay.Hyperbolic), (kept.PerAuthorMax, kept.Decay));
        Assert.Equal([1f, 2, 3, 4], kept.TypePreference);
    }

    [Fact]
    public async Task Experiments_come_back_in_their_order_as_they_were_stored_last()
    {
        await Ports.Ranking.SetExperimentAsync(Made(1), 5, Ct);
        await Ports.Ranking.SetExperimentAsync(Made(2), 9, Ct);
        await Ports.Ranking.SetExperimentAsync(Made(1) with { EndedUnixMs = NowUnixMs + 1, EndReason = "stopped" }, null, Ct);
        var experiments = await Ports.Ranking.ExperimentsAsync(Ct);
        Assert.Equal([("test-1", "stopped"), ("test-2", "")], experiments.Select(one => (one.Name, one.EndReason)));
        Assert.Equal(["a", "b"], experiments[0].Variants.Select(variant => variant.Name));
        Assert.Equal(5, (await Ports.Ranking.TalliesAsync(1, Ct)).Position);
    }

    [Fact]
    public async Task Tallies_replace_those_of_the_same_reader_and_carry_the_position_with_them()
    {
        await Ports.Ranking.SetExperimentAsync(Made(1), 0, Ct);
        await Ports.Ranking.SetExperimentAsync(Made(2), 0, Ct);
        var (one, two) = (new Tally(new UserId(1), 0, 1, 0, 0, 0, 0, 0), new Tally(new UserId(2), 1, 1, 1, 1, 1, 1, 1));
        await Ports.Ranking.NoteAsync(1, new ExperimentTallies(3, [one, two]), Ct);
        await Ports.Ranking.NoteAsync(1, new ExperimentTallies(4, [one with { Pages = 200, Likes = 3 }]), Ct);
        await Ports.Ranking.NoteAsync(2, new ExperimentTallies(8, [one]), Ct);
        var kept = await Ports.Ranking.TalliesAsync(1, Ct);
        Assert.Equal(4, kept.Position);
        Assert.Equal([one with { Pages = 200, Likes = 3 }, two], kept.Tallies);
    }
}
