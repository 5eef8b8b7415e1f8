using Tidings.Graph;
using Tidings.Models.Evaluation;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Server.Simulation;

namespace Tidings.Server.Training;

/// <summary>
/// Slates without a network behind them: the facts of their candidates are drawn, and what comes of each follows a law that is drawn, too: how much affinity, engagement,
/// friendship and a hidden quality tell, and how interest falls with age, by halves or by a power. Networks make posts of minutes and hours with few counts; these
/// reach to days and to thousands of likes, so that a model knows something there as well.
/// </summary>
internal sealed class LawSlates
{
    private const double HourMs = 3_600_000;
    private const int SlateMinutes = 10, SlatesPerReader = 3;

    private readonly record struct Law(double Affinity, double Engagement, double Friend, double Quality, bool ByHalves, double HalfHours, double Power, double HoldHours)
    {
        public static Law Draw(ref SimRandom random) => new(
            random.Chance(0.25) ? 0 : random.Between(0, 4), random.Chance(0.25) ? 0 : random.Unit(), random.Chance(0.3) ? 0 : random.Between(0, 1.5),
            random.Between(0, 0.8), random.Chance(0.4), random.LogBetween(0.5, 48), random.Between(0.2, 2.5), random.LogBetween(0.05, 12));

        public double Fading(double hours) => ByHalves ? -hours / HalfHours * Math.Log(2) : -Power * Math.Log(1 + hours / HoldHours);
    }

    /// <summary>What the candidates are like: hours that they span, reactions of an average post and how long these take, how unlike posts and authors are.</summary>
    private readonly record struct Scene(
        double SpanHours, double Popularity, double RiseHours, double QualitySigma, double Comments, double Shares, double Strangers, double Skew, double Friends, int Candidates)
    {
        public static Scene Draw(ref SimRandom random) => new(
            random.LogBetween(1, 96), random.LogBetween(0.3, 100), random.LogBetween(0.2, 12), random.Between(0.3, 1.5), random.Between(0.05, 0.5),
            random.Between(0.02, 0.5), random.Between(0, 0.9), random.Between(1, 4), random.Between(0, 0.4), (int)random.LogBetween(5, 200));
    }

    private readonly Law _law;
    private readonly Scene _scene;
    private readonly Untold _untold;
    private readonly double _rate, _hides;
    private readonly double[] _authors;

    private LawSlates(ref SimRandom random)
    {
        (_law, _scene, _untold) = (Law.Draw(ref random), Scene.Draw(ref random), UntoldFacts.Draw(ref random));
        (_rate, _hides) = (random.LogBetween(0.01, 0.3), random.Between(0, 0.004));
        _authors = new double[(int)random.LogBetween(3, 80)];
        var sigma = random.Between(0, 0.8);
        foreach (ref var author in _authors.AsSpan())
            author = random.LogNormal(1, sigma);
    }

    /// <param name="number">Of the law, from 0.</param>
    public static IEnumerable<LabelledSlate> Make(ulong seed, int number, long beginUnixMs, int count)
    {
        var random = new SimRandom(seed, Draw.Law, number);
        var law = new LawSlates(ref random);
        var slates = new LabelledSlate[count];
        for (var s = 0; s < count; s++)
            slates[s] = law.Slate($"law{number}-{s / SlatesPerReader}", beginUnixMs + s * SlateMinutes * 60_000L, ref random);
        return slates;
    }

    private LabelledSlate Slate(string reader, long unixMs, ref SimRandom random)
    {
        var count = Math.Max(2, (int)(_scene.Candidates * random.Between(0.5, 1.2)));
        var (facts, appeal, ids, of) = (new CandidateFacts[count], new double[count], new ulong[count], new int[count]);
        var liking = Array.ConvertAll(_authors, _ => 0f);
        var friends = new bool[_authors.Length];
        for (var a = 0; a < _authors.Length; a++)
        {
            liking[a] = random.Chance(_scene.Strangers) ? 0 : (float)(100 * Math.Pow(random.Unit(), _scene.Skew));
            friends[a] = random.Chance(_scene.Friends);
        }
        var ages = Ages(count, ref random);
        for (var i = 0; i < count; i++)
        {
            (ids[i], of[i]) = (random.Next(), random.Below(_authors.Length));
            var hours = ages[i];
            var quality = _authors[of[i]] * random.LogNormal(1, _scene.QualitySigma);
            var counts = CountsOf(quality * _scene.Popularity * (1 - Math.Exp(-hours / _scene.RiseHours)), ref random);
            var tie = Tie.Follows | (friends[of[i]] ? Tie.Friend : 0);
            facts[i] = new CandidateFacts(unixMs - (long)(hours * HourMs), counts, (PostType)random.Below(4), liking[of[i]], tie, false, 0, 0, false, of[i]);
            appeal[i] = _law.Affinity * liking[of[i]] / 100 + _law.Engagement * Math.Log((1 + Engagement(counts)) / (1 + _scene.Popularity))
                + (friends[of[i]] ? _law.Friend : 0) + _law.Quality * Math.Log(quality) + _law.Fading(hours);
        }
        var perDay = AuthorRates.PerDay(facts.Min(f => f.PublishedUnixMs), facts.Max(f => f.PublishedUnixMs));
        for (var i = 0; i < count; i++)
            facts[i] = _untold.Hide(facts[i] with { AuthorPostsPerDay = of.Count(author => author == of[i]) * perDay });
        var rows = new float[count * Features.Count];
        Features.Fill(facts, unixMs, sessionDepth: 0, rows);
        return new LabelledSlate(reader, unixMs, ids, facts, rows, Outcomes(appeal, ref random));
    }

    /// <summary>In hours, the newest first.</summary>
    private double[] Ages(int count, ref SimRandom random)
    {
        var ages = new double[count];
        for (var i = 0; i < count; i++)
            ages[i] = _scene.SpanHours * Math.Pow(random.Unit(), random.Between(1, 2));
        Array.Sort(ages);
        return ages;
    }

    private Counts CountsOf(double reactions, ref SimRandom random)
    {
        var comments = (int)(reactions * _scene.Comments / 2 + random.Unit());
        var shares = (int)(reactions * _scene.Shares / 3 + random.Unit());
        return new Counts((int)(reactions * (1 - _scene.Comments / 2 - _scene.Shares / 3) + random.Unit()), reactions < 0.5 ? 0 : comments, reactions < 0.5 ? 0 : shares);
    }

    private static double Engagement(Counts counts) => counts.Likes + 3.0 * counts.Comments + 5.0 * counts.Shares;

    /// <summary>So scaled that the law's share of the candidates comes to something.</summary>
    private Outcome[] Outcomes(double[] appeal, ref SimRandom random)
    {
        var scale = _rate / appeal.Average(Math.Exp);
        var outcomes = new Outcome[appeal.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (!random.Chance(Math.Min(0.9, Math.Exp(appeal[i]) * scale)))
            {
                outcomes[i] = random.Chance(_hides) ? Outcome.Hide : Outcome.None;
                continue;
            }
            var drawn = random.Unit();
            outcomes[i] = drawn < _scene.Comments / 2 ? Outcome.Comment : drawn < (_scene.Comments + _scene.Shares) / 2 ? Outcome.Share : Outcome.Like;
            if (outcomes[i] == Outcome.Comment && random.Chance(0.3))
                outcomes[i] |= Outcome.Like;
        }
        return outcomes;
    }
}
