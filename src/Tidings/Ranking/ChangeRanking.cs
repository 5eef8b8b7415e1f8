namespace Tidings.Ranking;

/// <summary>The operator changes how feeds are ranked, for everybody who is in no experiment: from the next page on, and after every start.</summary>
public sealed class ChangeRanking(IRankingStore store, RankingPlans plans)
{
    /// <summary>Takes up what was set before.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (await store.ProfileAsync(ct) is { } kept)
            plans.Use(kept);
    }

    /// <returns>The profile that ranks now; <c>invalid_field</c>.</returns>
    public async ValueTask<Result<RankingProfile>> ExecuteAsync(RankingProfile profile, CancellationToken ct)
    {
        if (profile.Check() is { } wrong)
            return wrong;
        await store.SetProfileAsync(profile, ct);
        plans.Use(profile);
        return profile;
    }
}
