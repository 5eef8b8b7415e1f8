namespace Tidings.ModelServers;

/// <summary>One protocol's way to have a batch scored.</summary>
internal interface IModelCall : IDisposable
{
    /// <param name="features">Rows of features.</param>
    /// <param name="heads">Gets rows of heads; its length says how many are wanted.</param>
    /// <exception cref="ModelServerException">The answer is no answer to this.</exception>
    Task PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct);
}
