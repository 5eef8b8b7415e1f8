using System.Text.Json;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Server.Ranking;

/// <summary>Reads what <c>tidings export-slates</c> wrote, version 1, exactly.</summary>
internal static class SlateFile
{
    /// <exception cref="InvalidDataException">A line is no slate of these versions; names the line.</exception>
    public static List<JoinedSlate> Read(string path, CancellationToken ct)
    {
        var slates = new List<JoinedSlate>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            ct.ThrowIfCancellationRequested();
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                slates.Add(Slate(document.RootElement));
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or InvalidDataException)
            {
                throw new InvalidDataException($"Line {number} of {path} is no slate as export-slates writes them: {e.Message}", e);
            }
        }
        return slates;
    }

    private static JoinedSlate Slate(JsonElement json)
    {
        if (json.GetProperty("version").GetInt32() != SlateWriters.Version || json.GetProperty("features_version").GetInt32() != Features.Version)
            throw new InvalidDataException("it has another version.");
        var candidates = json.GetProperty("candidates").EnumerateArray().ToArray();
        if (candidates.Length > Tidings.Ranking.Slate.CandidatesMax)
            throw new InvalidDataException($"it has more than {Tidings.Ranking.Slate.CandidatesMax} candidates.");
        var slate = new Slate
        {
            Reader = Person(json, "reader"),
            UnixMs = json.GetProperty("time").GetDateTimeOffset().ToUnixTimeMilliseconds(),
            Variant = json.GetProperty("variant").GetString()!,
            Share = json.GetProperty("propensity").GetSingle(),
            Count = candidates.Length,
        };
        var outcomes = new Outcome[candidates.Length];
        for (var i = 0; i < candidates.Length; i++)
            outcomes[i] = Candidate(slate, i, candidates[i]);
        return new JoinedSlate(slate, outcomes);
    }

    private static Outcome Candidate(Slate slate, int i, JsonElement json)
    {
        var position = json.GetProperty("position");
        slate.Entries[i] = new SlateEntry(
            PostId.TryParse(json.GetProperty("id").GetString(), out var id) ? id : throw new InvalidDataException("id is no id."),
            Person(json, "author"), position.ValueKind == JsonValueKind.Null ? -1 : position.GetInt32(),
            json.GetProperty("propensity").GetSingle(), json.GetProperty("score").GetSingle());
        if (slate.Entries[i].Propensity is not (> 0 and <= 1))
            throw new InvalidDataException("a propensity is not above 0 and at most 1.");
        var features = json.GetProperty("features");
        for (var f = 0; f < Features.Count; f++)
            slate.FeatureRows[i * Features.Count + f] = features.GetProperty(Features.Names[f]).GetSingle();
        if (!json.TryGetProperty("label", out var label))
            return default;
        return new Outcome(Is("like"), Is("comment"), Is("share"), Is("hide"), label.TryGetProperty("dwell_ms", out var dwell) ? dwell.GetUInt32() : null);

        bool Is(string head) => label.GetProperty(head).GetInt32() != 0;
    }

    private static UserId Person(JsonElement json, string name) =>
        UserId.TryParse(json.GetProperty(name).GetString(), out var id) ? id : throw new InvalidDataException($"{name} is no id.");
}
