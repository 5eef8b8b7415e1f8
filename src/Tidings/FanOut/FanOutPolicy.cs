using Tidings.Feeds;

namespace Tidings.FanOut;

/// <summary>
/// Push or pull by the number of followers: the seed's threshold, with hysteresis so that an author at the edge doesn't cross it with each
/// follow. An author is pulled from <see cref="ThresholdFollowers"/> on, and pushed again below nine tenths of it.
/// </summary>
public sealed class FanOutPolicy
{
    private int _thresholdFollowers = 10_000;

    /// <summary>1 to 1,000,000; default 10,000, the seed's. It bounds the deliveries of one post.</summary>
    public int ThresholdFollowers
    {
        get => _thresholdFollowers;
        set => _thresholdFollowers = value is >= 1 and <= 1_000_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The threshold is 1 to 1,000,000 followers.");
    }

    /// <summary>Where the author should be; <see cref="FanOutMode.Draining"/> is on the way there and never the answer.</summary>
    public FanOutMode Decide(FanOutMode now, int followers)
    {
        if (followers >= ThresholdFollowers)
            return FanOutMode.Pull;
        return now == FanOutMode.Pull && followers >= ThresholdFollowers - ThresholdFollowers / 10 ? FanOutMode.Pull : FanOutMode.Push;
    }
}
