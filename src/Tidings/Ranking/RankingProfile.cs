using Tidings.Posts;

namespace Tidings.Ranking;

/// <summary>How a post's worth fades with its age.</summary>
public enum Decay : byte
{
    /// <summary><c>2^(−age / half-life)</c>. The order of two posts never changes by waiting.</summary>
    Exponential = 0,
    /// <summary><c>1 / (1 + 0.08 · hours)</c>: the seed's. Halves after 12.5 hours, then ever slower.</summary>
    Hyperbolic = 1,
    /// <summary>No decay.</summary>
    None = 2,
}

/// <summary>The numbers of the first pass, changeable while running.</summary>
public sealed record RankingProfile
{
    public static readonly RankingProfile Default = new();

    /// <summary>The seed's own formula, but for the prior that keeps a new post from being worth nothing.</summary>
    public static readonly RankingProfile Seed = new() { Decay = Decay.Hyperbolic };

    /// <summary>What a post is worth before anyone engaged. Above 0; default 1.</summary>
    public float Prior { get; init; } = 1;
    /// <summary>Default 1.</summary>
    public float LikeWeight { get; init; } = 1;
    /// <summary>Default 3.</summary>
    public float CommentWeight { get; init; } = 3;
    /// <summary>Default 5.</summary>
    public float ShareWeight { get; init; } = 5;
    public Decay Decay { get; init; } = Decay.Exponential;
    /// <summary>Of the exponential decay. Above 0; default 12 hours.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromHours(12);
    /// <summary>A multiplier for each <see cref="PostType"/>, in its order. Above 0; default 1.</summary>
    public IReadOnlyList<float> TypePreference { get; init; } = [1, 1, 1, 1];
    /// <summary>Posts of one author on a page while others are waiting. 1 to 100; default 2.</summary>
    public int PerAuthorMax { get; init; } = 2;
}
