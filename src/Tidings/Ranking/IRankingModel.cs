namespace Tidings.Ranking;

/// <summary>
/// Predicts what a reader will do with a post. Implementations are safe to call from many threads at once, allocate nothing, and give the
/// same heads for the same features whatever else is in the batch.
/// </summary>
public interface IRankingModel
{
    string Name { get; }

    /// <summary>Changes whenever the predictions may: a hash of the file, for example.</summary>
    string Version { get; }

    /// <param name="features">Rows of <see cref="Features.Count"/> values, as <see cref="Features.Fill"/> makes them.</param>
    /// <param name="candidates">How many rows.</param>
    /// <param name="heads">Gets <see cref="Heads.Count"/> probabilities, 0 to 1, for each row, in the order of <see cref="Heads"/>.</param>
    void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads);
}

/// <summary>What a model predicts, in this order.</summary>
public static class Heads
{
    public const int Like = 0, Comment = 1, Share = 2, Hide = 3;
    public const int Count = 4;

    public static IReadOnlyList<string> Names { get; } = ["like", "comment", "share", "hide"];
}
