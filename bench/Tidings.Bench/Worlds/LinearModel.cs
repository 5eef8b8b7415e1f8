using Tidings.Ranking;

namespace Tidings.Bench.Worlds;

/// <summary>The least that a model can be, so that what is measured is the road to it and back: each head a weighted sum.</summary>
internal sealed class LinearModel : IRankingModel
{
    private const float Weight = 0.01f;

    public string Name => "linear";

    public string Version => "1";

    public void Predict(ReadOnlySpan<float> features, int candidates, Span<float> heads)
    {
        for (var row = 0; row < candidates; row++)
        {
            var sum = 0f;
            foreach (var value in features.Slice(row * Features.Count, Features.Count))
                sum += value * Weight;
            heads.Slice(row * Heads.Count, Heads.Count).Fill(sum);
        }
    }
}
