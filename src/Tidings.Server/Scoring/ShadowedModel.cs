using Tidings.Ranking;

namespace Tidings.Server.Scoring;

/// <summary>How a shadow differs from the model that ranks, counted since it was set.</summary>
/// <param name="MeanDifference">Of the final scores of a candidate, without sign.</param>
/// <param name="TopKept">Of the model's first ten of a batch, the share that the shadow has among its first ten.</param>
internal readonly record struct ShadowCounts(long Batches, long Candidates, long Failures, double MeanDifference, double TopKept);

/// <summary>
/// The model that ranks, and a shadow that scores a share of its batches and is only counted: what it would change is known before it changes anything. Nobody
/// waits for a shadow's failure, and nothing is allocated for it; the batches that it scores cost their time twice.
/// </summary>
/// <param name="every">Each so many batches one is scored by the shadow.</param>
internal sealed class ShadowedModel(IRankingModel model, IRankingModel shadow, int every) : IRankingModel
{
    private const int Top = 10;

    private long _asked, _batches, _candidates, _failures, _kept, _of;
    private double _difference;
    private readonly Lock _gate = new();

    public string Name => model.Name;

    public string Version => model.Version;

    public IRankingModel Ranks => model;

    public IRankingModel Shadow => shadow;

    public int Every => every;

    public ShadowCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return new ShadowCounts(
                    _batches, _candidates, _failures, _candidates == 0 ? 0 : _difference / _candidates, _of == 0 ? 1 : (double)_kept / _of);
            }
        }
    }

    public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
    {
        model.Predict(features, candidates, heads);
        if (candidates is > 0 and <= RankingProfile.SecondPassMax && Interlocked.Increment(ref _asked) % every == 0)
            Compare(features, candidates, heads);
    }

    private void Compare(ReadOnlySpan<float> features, int candidates, ReadOnlySpan<float> heads)
    {
        Span<float> others = stackalloc float[RankingProfile.SecondPassMax * Heads.Count];
        try
        {
            shadow.Predict(features, candidates, others);
        }
        catch (RankingModelException)
        {
            Interlocked.Increment(ref _failures);
            return;
        }
        Span<float> ours = stackalloc float[candidates], theirs = stackalloc float[candidates];
        var difference = 0.0;
        for (var i = 0; i < candidates; i++)
        {
            ours[i] = HeadWeights.Default.Score(heads.Slice(i * Heads.Count, Heads.Count));
            theirs[i] = HeadWeights.Default.Score(others.Slice(i * Heads.Count, Heads.Count));
            difference += Math.Abs(ours[i] - theirs[i]);
        }
        var top = Math.Min(Top, candidates);
        var kept = Kept(ours, theirs, top);
        lock (_gate)
        {
            _batches++;
            _candidates += candidates;
            _difference += difference;
            _kept += kept;
            _of += top;
        }
    }

    /// <summary>How many of the first ones by one score are among the first ones by the other. Uses the scores up.</summary>
    private static int Kept(Span<float> ours, Span<float> theirs, int top)
    {
        Span<int> first = stackalloc int[Top];
        for (var t = 0; t < top; t++)
            first[t] = Take(ours);
        var kept = 0;
        for (var t = 0; t < top; t++)
            kept += first[..top].Contains(Take(theirs)) ? 1 : 0;
        return kept;

        static int Take(Span<float> scores)
        {
            var best = 0;
            for (var i = 1; i < scores.Length; i++)
                best = scores[i] > scores[best] ? i : best;
            scores[best] = float.NegativeInfinity;
            return best;
        }
    }
}
