namespace Tidings.Import;

public enum ImportFormat { Edges, People, Posts, Activity }

public static class ImportFormats
{
    /// <summary>
    /// What a file of that name holds: <c>….ndjson</c> or <c>….jsonl</c> with people or posts in its name; <c>….txt</c>, <c>.edgelist</c>,
    /// <c>.edges</c> or <c>.tsv</c>, of which those with activity in their name are activity logs. <c>.gz</c> at the end doesn't count.
    /// </summary>
    /// <returns>Null where the name doesn't tell.</returns>
    public static ImportFormat? Guess(string fileName)
    {
        var name = fileName.ToLowerInvariant();
        if (name.EndsWith(".gz", StringComparison.Ordinal))
            name = name[..^3];
        return Path.GetExtension(name) switch
        {
            ".ndjson" or ".jsonl" => (Says("people"), Says("posts")) switch
            {
                (true, false) => ImportFormat.People,
                (false, true) => ImportFormat.Posts,
                _ => null,
            },
            ".txt" or ".edgelist" or ".edges" or ".tsv" => Says("activity") ? ImportFormat.Activity : ImportFormat.Edges,
            _ => null,
        };

        bool Says(string word) => name.Contains(word, StringComparison.Ordinal);
    }
}

/// <summary>How a source is read.</summary>
public sealed class ImportOptions
{
    public required ImportFormat Format { get; init; }

    /// <summary>The person with the source's id 123 has the handle x123. 1 to 10 characters of a handle; default x. Edges and activity.</summary>
    public string HandlePrefix { get; init; } = "x";

    public const int HandlePrefixCharsMax = 10;

    /// <summary>Each pair is read as two follows, one in each direction. Edges only; default false.</summary>
    public bool BothWays { get; init; }

    /// <summary>The import stops at the first bad line over this many. 0 and above; default 1,000.</summary>
    public long BadLinesMax { get; init; } = BadLines.MaxDefault;

    /// <returns>Null, or what is wrong with the options.</returns>
    public string? Check()
    {
        if (HandlePrefix.Length is 0 or > HandlePrefixCharsMax || !HandlePrefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            return $"A handle prefix has 1 to {HandlePrefixCharsMax} characters of a-z, 0-9 and _; this is \"{HandlePrefix}\".";
        if (BothWays && Format != ImportFormat.Edges)
            return $"Only edges can be read both ways; this is {Format.ToString().ToLowerInvariant()}.";
        return BadLinesMax < 0 ? $"The limit of bad lines is 0 or more; this is {BadLinesMax}." : null;
    }
}
