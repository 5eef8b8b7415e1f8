using Tidings.People;

namespace Tidings.Ranking;

/// <summary>Which plan ranks for whom just now. Readers take what is there with one look; profile and model are changed while they read.</summary>
public sealed class RankingPlans(RankingProfile profile)
{
    private readonly Lock _gate = new();
    private volatile RankingPlan _everyone = new(profile, null);

    public RankingProfile Profile => _everyone.Profile;

    public RankingPlan For(UserId reader) => _everyone;

    public void Use(RankingProfile profile)
    {
        lock (_gate)
            _everyone = new RankingPlan(profile, profile.UseModel ? _model : null);
    }

    /// <param name="model">Null: the first pass ranks.</param>
    public void Use(IRankingModel? model)
    {
        lock (_gate)
        {
            _model = model;
            _everyone = new RankingPlan(Profile, Profile.UseModel ? model : null);
        }
    }

    private IRankingModel? _model;
}
