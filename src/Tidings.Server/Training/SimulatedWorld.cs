using Tidings.Graph;
using Tidings.Posts;
using Tidings.Ranking;
using Tidings.Server.Simulation;

namespace Tidings.Server.Training;

/// <summary>What a log of slates doesn't tell, though the model could use it.</summary>
[Flags]
internal enum Untold : byte
{
    Nothing = 0,
    Counts = 1,
    /// <summary>Which kind a reaction was: the log counts all as likes.</summary>
    AllAreLikes = 2,
    /// <summary>The same, as shares.</summary>
    AllAreShares = 4,
    Affinity = 8,
    Ties = 16,
    Types = 32,
}

internal static class UntoldFacts
{
    public static CandidateFacts Hide(this Untold untold, CandidateFacts facts)
    {
        var all = facts.Counts.Likes + facts.Counts.Comments + facts.Counts.Shares;
        return facts with
        {
            Counts = Has(Untold.Counts) ? default : Has(Untold.AllAreLikes) ? new Counts(all, 0, 0) : Has(Untold.AllAreShares) ? new Counts(0, 0, all) : facts.Counts,
            Affinity = Has(Untold.Affinity) ? 0 : facts.Affinity,
            Tie = Has(Untold.Ties) ? facts.Tie & ~(Tie.Friend | Tie.CloseFriend) : facts.Tie,
            Type = Has(Untold.Types) ? PostType.Text : facts.Type,
        };

        bool Has(Untold one) => (untold & one) != 0;
    }

    /// <summary>Each with a chance of its own.</summary>
    public static Untold Draw(ref SimRandom random)
    {
        var untold = random.Chance(0.12) ? Untold.Counts : Untold.Nothing;
        untold |= random.Unit() switch { < 0.15 => Untold.AllAreLikes, < 0.3 => Untold.AllAreShares, _ => 0 };
        untold |= random.Chance(0.25) ? Untold.Affinity : 0;
        untold |= random.Chance(0.3) ? Untold.Ties : 0;
        return untold | (random.Chance(0.4) ? Untold.Types : 0);
    }
}

/// <summary>
/// A network to learn from, and how slates are taken of it. Worlds are drawn, each other than the last: how big and how lively the network is, how fast interest
/// fades, how much ties, likings, topics, posts and authors differ, how much is chatter; and what makes a slate there. A model that learned from one
/// network believes that all networks are like it; what holds in hundreds is likely to hold in the next ("domain randomization": Tobin and others, IROS 2017).
/// </summary>
internal sealed record SimulatedWorld(SimulationOptions Network)
{
    /// <summary>How long after a look a reaction belongs to it, hours. 0: a slate is taken where somebody reacts, and that reaction is all that came of it.</summary>
    public double OutcomeHours { get; init; } = 24;

    /// <summary>What the reader has reacted to stays among the candidates.</summary>
    public bool KeepsReacted { get; init; }

    public int CandidatesMax { get; init; } = 200;

    /// <summary>How old candidates may be.</summary>
    public double WindowHours { get; init; } = 72;

    /// <summary>Of each author the newest post alone.</summary>
    public bool NewestOnly { get; init; }

    public Untold Untold { get; init; }

    /// <summary>Each so manieth world is the usual network, as it is when serving.</summary>
    private const int UsualEvery = 20;

    private static readonly SimulationOptions[] Usual =
    [
        new() { People = 1_500, PostsPerDay = 0.5, FollowsPerPerson = 40, ReactionsPerPost = 6 },
        new() { People = 4_000, PostsPerDay = 0.4, FollowsPerPerson = 60, ReactionsPerPost = 15 },
        new() { People = 800, PostsPerDay = 1.2, FollowsPerPerson = 25, ReactionsPerPost = 3 },
    ];

    /// <param name="number">Of the world, from 0.</param>
    public static SimulatedWorld Draw(ulong seed, int number)
    {
        var random = new SimRandom(seed, Simulation.Draw.World, number);
        var networkSeed = random.Next();
        if (number % UsualEvery == 0)
            return new SimulatedWorld(Usual[number / UsualEvery % Usual.Length] with { Seed = networkSeed });
        var options = new SimulationOptions
        {
            Seed = networkSeed,
            People = (int)random.LogBetween(300, 1_500),
            PostsPerDay = random.LogBetween(0.3, 3),
            FollowsPerPerson = random.LogBetween(8, 150),
            ReactionsPerPost = random.LogBetween(2, 15),
            Character = DrawCharacter(ref random),
        };
        return new SimulatedWorld(options)
        {
            OutcomeHours = random.Below(5) switch { 0 or 1 => 0, 2 => random.LogBetween(0.1, 1), 3 => random.LogBetween(1, 6), _ => 24 },
            KeepsReacted = random.Chance(0.5),
            CandidatesMax = (int)random.LogBetween(20, 300),
            WindowHours = random.LogBetween(6, 96),
            NewestOnly = random.Chance(0.12),
            Untold = UntoldFacts.Draw(ref random),
        };
    }

    private static NetworkCharacter DrawCharacter(ref SimRandom random) => new()
    {
        DelayMedianMinutes = random.LogBetween(2, 180),
        DelaySigma = random.Between(0.8, 2),
        Night = random.Chance(0.3) ? 0 : random.Between(0.2, 1),
        LikingSigma = random.Chance(0.3) ? 0 : random.Between(0, 1.5),
        TieExponent = random.Between(0, 1.2),
        TopicExponent = random.Between(0, 1.5),
        QualitySigma = random.Between(0.2, 1.4),
        AuthorSigma = random.Chance(0.3) ? 0 : random.Between(0, 1),
        Chatter = random.Chance(0.3) ? 0 : random.Between(0, 0.7),
        Threads = random.Chance(0.4) ? 0 : random.Between(0, 0.5),
        Comments = random.LogBetween(0.2, 2),
        Hides = random.LogBetween(0.3, 2),
        Shares = random.LogBetween(0.03, 0.6),
    };
}
