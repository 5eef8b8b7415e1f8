namespace Tidings.Ranking;

/// <summary>
/// A small lift for those who post rarely, so that busy authors don't crowd them out: the score grows by
/// <code>|score| · max / (1 + the author's posts a day among the candidates)</code>
/// at most by the share <see cref="RankingProfile.FairnessMax"/>, ever less the more an author posts, never below where it was.
/// </summary>
public static class Fairness
{
    public static float Lift(float max, float authorPostsPerDay) => max / (1 + authorPostsPerDay);

    public static float Apply(float score, float lift) => score + Math.Abs(score) * lift;
}
