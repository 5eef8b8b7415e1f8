namespace Tidings.Server.Simulation;

/// <summary>What a simulated network is like. Two runs with the same options give the same network.</summary>
public sealed record SimulationOptions
{
    /// <summary>Any number; default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>10 to 5,000,000; default 1,000.</summary>
    public int People { get; init; } = 1_000;

    /// <summary>Posts of an average person on an average day. 0.001 to 100; default 0.5.</summary>
    public double PostsPerDay { get; init; } = 0.5;

    /// <summary>People whom an average person follows. 1 to 1,000; default 30. At most a fifth of the network.</summary>
    public double FollowsPerPerson { get; init; } = 30;

    /// <summary>Likes, comments, shares and hides that an average post gets. 0 to 100; default 6.</summary>
    public double ReactionsPerPost { get; init; } = 6;

    /// <summary>Default: the usual one.</summary>
    public NetworkCharacter Character { get; init; } = NetworkCharacter.Usual;

    /// <returns>Null, or what is out of its range.</returns>
    public string? Check() =>
        Wrong("people", People, 10, 5_000_000)
        ?? Wrong("posts per day", PostsPerDay, 0.001, 100)
        ?? Wrong("follows per person", FollowsPerPerson, 1, 1_000)
        ?? Wrong("reactions per post", ReactionsPerPost, 0, 100);

    private static string? Wrong(string what, double value, double min, double max) =>
        value >= min && value <= max ? null : FormattableString.Invariant($"The {what} are {min:#,0.###} to {max:#,0}; this is {value:#,0.###}.");
}
