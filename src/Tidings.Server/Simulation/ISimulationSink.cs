using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>Where simulated people act: in the engine itself or through a server's public API. Called concurrently.</summary>
internal interface ISimulationSink
{
    /// <returns>Null where the post was refused.</returns>
    ValueTask<PostId?> PublishAsync(SimulatedAction post, CancellationToken ct);

    /// <returns>False where the reaction was refused.</returns>
    ValueTask<bool> ReactAsync(SimulatedAction reaction, PostId post, CancellationToken ct);
}
