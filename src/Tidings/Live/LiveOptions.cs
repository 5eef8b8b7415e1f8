namespace Tidings.Live;

/// <summary>The limits of live updates.</summary>
public sealed class LiveOptions
{
    private int _connectionsMax = 10_000;
    private int _connectionsPerReaderMax = 10;

    /// <summary>Open connections of all readers together. 0 to 1,000,000; default 10,000.</summary>
    public int ConnectionsMax
    {
        get => _connectionsMax;
        set => _connectionsMax = value is >= 0 and <= 1_000_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Connections are 0 to 1,000,000.");
    }

    /// <summary>Open connections of one reader. 1 to 1,000; default 10.</summary>
    public int ConnectionsPerReaderMax
    {
        get => _connectionsPerReaderMax;
        set => _connectionsPerReaderMax = value is >= 1 and <= 1_000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Connections of one reader are 1 to 1,000.");
    }
}
