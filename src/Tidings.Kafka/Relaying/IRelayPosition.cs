namespace Tidings.Kafka.Relaying;

/// <summary>How far the event log was relayed, kept where it outlives the relay.</summary>
public interface IRelayPosition
{
    /// <returns>0 where nothing was relayed yet.</returns>
    ValueTask<long> LoadAsync(CancellationToken ct);

    /// <summary>Returns when it is stored. Called only when the brokers have confirmed every event up to there.</summary>
    ValueTask StoreAsync(long position, CancellationToken ct);
}
