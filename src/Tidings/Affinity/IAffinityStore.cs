using Tidings.People;

namespace Tidings.Affinity;

/// <summary>How much each reader cares for each author. Written by the record together with the engagement that causes it.</summary>
public interface IAffinityStore
{
    /// <summary>Scores at <paramref name="nowUnixMs"/>, 0 to 100, in the order of the authors.</summary>
    ValueTask ScoresAsync(UserId reader, ReadOnlyMemory<UserId> authors, long nowUnixMs, Memory<float> into, CancellationToken ct);
}
