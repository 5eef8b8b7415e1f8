using System.Globalization;
using System.Text.Json;
using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <summary>A line can't be used; the message says why.</summary>
internal sealed class BadSlateException(string reason) : Exception(reason);

/// <summary>
/// One JSON object → a slate. See docs/models.md for the form. Made for the traces of others: members that aren't known are passed over, what is missing
/// has a default, times and labels may be written in several ways. What is there and makes no sense is refused, never guessed.
/// </summary>
internal sealed class SlateJson
{
    /// <summary>Candidates of one slate: what a feed's skeleton holds, with room for traces of others.</summary>
    public const int CandidatesMax = CandidateFacts.AuthorsMax;

    /// <summary>The slate's authors: a number for each.</summary>
    private readonly Dictionary<string, int> _authors = [];

    public LabelledSlate Read(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        using var document = JsonDocument.ParseValue(ref json);
        if (json.BytesConsumed < line.Length && !line[(int)json.BytesConsumed..].Trim(" \t\r"u8).IsEmpty)
            throw new BadSlateException("something follows the object");
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new BadSlateException("it is no JSON object");
        if (Number(root, "features_version") is { } version && version != Features.Version)
            throw new BadSlateException(string.Create(CultureInfo.InvariantCulture, $"the features are of version {version}; this is version {Features.Version}"));
        var reader = Name(root, "reader") ?? Name(root, "user") ?? throw new BadSlateException("reader is missing");
        var time = root.TryGetProperty("time", out var when) ? Time(when, "time") : throw new BadSlateException("time is missing");
        if (!root.TryGetProperty("candidates", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new BadSlateException("candidates is missing, or no list");
        var count = list.GetArrayLength();
        if (count is 0 or > CandidatesMax)
            throw new BadSlateException(string.Create(CultureInfo.InvariantCulture, $"candidates has {count:N0} entries; there are 1 to {CandidatesMax:N0}"));
        return Candidates(reader, time, (float)(Number(root, "session_depth") ?? Number(root, "user_session_depth") ?? 0), [.. list.EnumerateArray()]);
    }

    private LabelledSlate Candidates(string reader, long time, float depth, JsonElement[] list)
    {
        var given = new CandidateMembers[list.Length];
        var published = new long[list.Length];
        for (var i = 0; i < list.Length; i++)
        {
            if (list[i].ValueKind != JsonValueKind.Object)
                throw new BadSlateException($"candidate {i} is no JSON object");
            given[i] = new CandidateMembers(list[i], i);
            published[i] = given[i].PublishedUnixMs(time);
        }
        int[] order = [.. Enumerable.Range(0, list.Length).OrderByDescending(i => published[i])];
        var perDay = AuthorRates.PerDay(published[order[^1]], published[order[0]]);
        var authors = Authors(given);
        var posts = new int[authors.Max() + 1];
        foreach (var author in authors)
            posts[author]++;

        var ids = Array.ConvertAll(order, i => Hash(given[i].Text("id") ?? i.ToString(CultureInfo.InvariantCulture)));
        var outcomes = Array.ConvertAll(order, i => LabelJson.Read(list[i], i));
        var facts = Array.ConvertAll(order, i => given[i].Facts(time, given[i].Text("author") is null ? 0 : posts[authors[i]] * perDay, reader, authors[i]));
        var rows = new float[list.Length * Features.Count];
        Features.Fill(facts, time, (int)Math.Clamp(depth, 0, int.MaxValue), rows);
        for (var at = 0; at < order.Length; at++)
            given[order[at]].Override(rows.AsSpan(at * Features.Count, Features.Count));
        return new LabelledSlate(reader, time, ids, facts, rows, outcomes);
    }

    /// <returns>For each candidate the number of its author. Who isn't named is an author of their own.</returns>
    private int[] Authors(CandidateMembers[] given)
    {
        _authors.Clear();
        var strangers = 0;
        return Array.ConvertAll(given, one =>
        {
            if (one.Text("author") is not { } name)
                return _authors.Count + strangers++;
            if (!_authors.TryGetValue(name, out var number))
                _authors.Add(name, number = _authors.Count + strangers);
            return number;
        });
    }

    /// <summary>RFC 3339, or a number of seconds, milliseconds or microseconds since 1970: their sizes tell them apart.</summary>
    internal static long Time(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            var text = value.GetString()!;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && text.Contains('-'))
                return time.ToUnixTimeMilliseconds();
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var written)
                ? FromNumber(written, name)
                : throw new BadSlateException($"{name} is not a time such as 2012-07-01T00:00:00Z or 1341100972");
        }
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            ? FromNumber(number, name)
            : throw new BadSlateException($"{name} is not a time such as 2012-07-01T00:00:00Z or 1341100972");
    }

    private static long FromNumber(double number, string name)
    {
        var unixMs = number switch { < 1e11 => number * 1_000, < 1e14 => number, _ => number / 1_000 };
        return unixMs is >= 0 and <= 4_102_444_800_000 ? (long)unixMs : throw new BadSlateException($"{name} is before 1970 or after 2100");
    }

    private static double? Number(JsonElement of, string name)
    {
        if (!of.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw new BadSlateException($"{name} is not a number");
    }

    private static string? Name(JsonElement of, string name) => of.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.Null => null,
            _ => throw new BadSlateException($"{name} is neither a string nor a number"),
        }
        : null;

    private static ulong Hash(string id)
    {
        // FNV-1a: the same on every machine and run, unlike string.GetHashCode.
        var hash = 14695981039346656037ul;
        foreach (var c in id)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
