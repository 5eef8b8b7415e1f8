using Tidings.Events;
using Tidings.People;

namespace Tidings.FanOut;

/// <summary>Tells readers who are here what has reached them. It is called when a read would find it, in the order of each author's events.</summary>
public interface IAnnouncer
{
    /// <summary>False where nobody is here: then there is nothing to call for.</summary>
    bool IsHeard { get; }

    /// <summary>A post was brought to these readers, who were seen lately.</summary>
    ValueTask DeliveredAsync(Event cause, ReadOnlyMemory<UserId> to, CancellationToken ct);

    /// <summary>A pulled author's post, an edit, a deletion: for all who are here and whom it concerns, a slice of them at each call.</summary>
    /// <param name="from">0 to begin.</param>
    /// <returns>Where the next call goes on; 0 at the end.</returns>
    ValueTask<int> RelayAsync(Event cause, int from, CancellationToken ct);
}
