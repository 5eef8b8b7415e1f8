namespace Tidings.Server.Simulation;

/// <summary>What makes one network unlike another beside its size. The defaults are the usual network, that of <c>tidings simulate</c>.</summary>
public sealed record NetworkCharacter
{
    public static readonly NetworkCharacter Usual = new();

    /// <summary>How long it takes until half of a post's reactions are there, minutes. Above 0; default 40.</summary>
    public double DelayMedianMinutes { get; init; } = 40;

    /// <summary>How unlike each other the delays are: the deviation of their logarithm. Default 1.5.</summary>
    public double DelaySigma { get; init; } = 1.5;

    /// <summary>How quiet the night is: 1 as <see cref="Rhythm"/> has it, 0 like the day. Default 1.</summary>
    public double Night { get; init; } = 1;

    /// <summary>The factors of ties are taken to this power: 0 makes friends and strangers alike. Default 1.</summary>
    public double TieExponent { get; init; } = 1;

    /// <summary>The same of the topic's. Default 1.</summary>
    public double TopicExponent { get; init; } = 1;

    /// <summary>How unlike readers feel about one author: what affinity can tell. 0 all alike; default 0.</summary>
    public double LikingSigma { get; init; }

    /// <summary>How unlike the posts of one author are: what counters can tell. Default 0.7.</summary>
    public double QualitySigma { get; init; } = 0.7;

    /// <summary>How unlike authors are. Default 0.</summary>
    public double AuthorSigma { get; init; }

    /// <summary>The share of posts that hardly anyone reacts to. 0 to 1; default 0.</summary>
    public double Chatter { get; init; }

    /// <summary>The share of posts that are by the author of the one before. 0 to 1; default 0.</summary>
    public double Threads { get; init; }

    /// <summary>How much more is commented than usual. Default 1.</summary>
    public double Comments { get; init; } = 1;

    /// <summary>How much more is hidden than usual. Default 1.</summary>
    public double Hides { get; init; } = 1;

    /// <summary>The share of reactions that are shares. Default 0.08.</summary>
    public double Shares { get; init; } = 0.08;
}
