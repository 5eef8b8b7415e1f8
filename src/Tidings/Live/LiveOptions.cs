namespace Tidings.Live;

/// <summary>The limits of live updates.</summary>
public sealed class LiveOptions
{
    /// <summary>Open connections of all readers together. 0 to 1,000,000; default 10,000.</summary>
    public int ConnectionsMax { get; set; } = 10_000;

    /// <summary>Open connections of one reader. 1 to 1,000; default 10.</summary>
    public int ConnectionsPerReaderMax { get; set; } = 10;
}
