using Tidings.People;

namespace Tidings.Ranking;

/// <summary>
/// Which plan ranks for whom just now. Readers take what is there with one look; the profile, the model and the experiment are changed while they read.
/// </summary>
public sealed class RankingPlans(RankingProfile profile)
{
    private sealed record State(RankingProfile Profile, IRankingModel? Model, RankingPlan Everyone, Experiment? Experiment, RankingPlan[] Variants);

    private readonly Lock _gate = new();
    private volatile State _now = new(profile, null, new RankingPlan(profile, null), null, []);

    /// <summary>Everybody's who is in no experiment.</summary>
    public RankingProfile Profile => _now.Profile;

    public IRankingModel? Model => _now.Model;

    /// <summary>The one that runs.</summary>
    public Experiment? Experiment => _now.Experiment;

    public RankingPlan For(UserId reader)
    {
        var now = _now;
        var variant = now.Experiment?.VariantOf(reader) ?? -1;
        return variant < 0 ? now.Everyone : now.Variants[variant];
    }

    public void Use(RankingProfile profile) => Change(now => now with { Profile = profile });

    /// <param name="model">Null: the first pass ranks.</param>
    public void Use(IRankingModel? model) => Change(now => now with { Model = model });

    /// <param name="experiment">Null: none runs.</param>
    public void Use(Experiment? experiment) => Change(now => now with { Experiment = experiment });

    private void Change(Func<State, State> change)
    {
        lock (_gate)
        {
            var next = change(_now);
            _now = next with
            {
                Everyone = Plan(next.Profile, "", 1),
                Variants = next.Experiment is { } running
                    ? [.. running.Variants.Select((variant, v) => Plan(variant.Profile, $"{running.Name}/{variant.Name}", variant.Share) with { VariantAt = (byte)v, ExperimentId = running.Id })]
                    : [],
            };

            RankingPlan Plan(RankingProfile of, string name, float share) => new(of, of.UseModel ? next.Model : null, name, share);
        }
    }
}
