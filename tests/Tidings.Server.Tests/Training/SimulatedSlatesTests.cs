using Tidings.Models.Evaluation;
using Tidings.Ranking;
using Tidings.Server.Training;
using Xunit;

namespace Tidings.Server.Tests.Training;

public sealed class SimulatedSlatesTests
{
    private static List<LabelledSlate> Make(ulong seed) => new SimulatedSlates(seed, 6, 1_500).Make(null, CancellationToken.None);

    [Fact]
    public void The_same_seed_makes_the_same_slates_however_they_are_shared_out_among_cores()
    {
        var (once, again, other) = (Make(3), Make(3), Make(4));
        Assert.Equal(once.Select(s => s.UnixMs), again.Select(s => s.UnixMs));
        Assert.Equal(once.SelectMany(s => s.Features), again.SelectMany(s => s.Features));
        Assert.Equal(once.SelectMany(s => s.Outcomes), again.SelectMany(s => s.Outcomes));
        Assert.NotEqual(once.SelectMany(s => s.Features), other.SelectMany(s => s.Features));
    }

    [Fact]
    public void A_slate_is_what_serving_would_ask_a_model_and_something_comes_of_some_of_them()
    {
        var slates = Make(1);
        foreach (var slate in slates)
        {
            var rows = new float[slate.Count * Features.Count];
            Features.Fill(slate.Facts, slate.UnixMs, sessionDepth: 0, rows);
            Assert.Equal(rows, slate.Features);
        }
        Assert.InRange(slates.Count, 750, 1_800);
        Assert.InRange(slates.Count(slate => slate.IsTelling), slates.Count / 4, slates.Count);
        foreach (var outcome in (ReadOnlySpan<Outcome>)[Outcome.Like, Outcome.Comment, Outcome.Share, Outcome.Hide])
            Assert.Contains(slates, slate => slate.Outcomes.Any(one => one.HasFlag(outcome)));
    }
}
