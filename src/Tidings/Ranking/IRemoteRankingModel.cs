namespace Tidings.Ranking;

/// <summary>
/// A model that is asked over a network. Ranking a first page waits for it; all else, and every model in this process, stays synchronous:
/// <see cref="IRankingModel.Predict"/> answers at once, by the model that stands in while the remote one is away.
/// </summary>
public interface IRemoteRankingModel : IRankingModel
{
    /// <inheritdoc cref="IRankingModel.Predict"/>
    /// <exception cref="RankingModelException">Neither the remote model nor one that stands in for it can predict.</exception>
    ValueTask PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct);
}
