using System.Globalization;
using System.Text;
using System.Text.Json;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.Ranking;

namespace Tidings.Server.Ranking;

/// <summary>Slates as they leave the house, see docs/ranking.md. Numbers are written so that they read back as the same 32 bits.</summary>
internal static class SlateWriters
{
    public const int Version = 1;

    private static readonly string[] Columns =
    [
        "reader", "time", "variant", "share", "id", "author", "position", "propensity", "score", .. Features.Names,
        .. Heads.Names.Select(head => $"label_{head}"), "dwell_ms",
    ];

    /// <summary>One line.</summary>
    /// <param name="all">With the candidates that weren't on the page.</param>
    public static void Json(Utf8JsonWriter json, JoinedSlate joined, bool all)
    {
        var slate = joined.Slate;
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteNumber("features_version", Features.Version);
        json.WriteString("reader", slate.Reader.ToString());
        json.WriteString("time", Time(slate));
        json.WriteString("variant", slate.Variant);
        json.WriteNumber("propensity", slate.Share);
        json.WriteNumber("session_depth", slate.Count == 0 ? 0 : slate.FeaturesOf(0)[Features.SessionDepth]);
        json.WriteStartArray("candidates");
        for (var i = 0; i < slate.Count; i++)
        {
            if (all || slate.Entries[i].Position >= 0)
                Candidate(json, slate, i, joined.Outcomes[i]);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static string CsvHeader => string.Join(',', Columns);

    /// <summary>A line for each candidate.</summary>
    public static void Csv(TextWriter csv, JoinedSlate joined, bool all)
    {
        var slate = joined.Slate;
        for (var i = 0; i < slate.Count; i++)
        {
            var entry = slate.Entries[i];
            if (!all && entry.Position < 0)
                continue;
            var outcome = joined.Outcomes[i];
            var line = new StringBuilder();
            line.Append(CultureInfo.InvariantCulture, $"{slate.Reader},{Time(slate)},{slate.Variant},{slate.Share:R},{entry.Post},{entry.Author},");
            line.Append(CultureInfo.InvariantCulture, $"{(entry.Position < 0 ? "" : entry.Position)},{entry.Propensity:R},{entry.Score:R}");
            foreach (var feature in slate.FeaturesOf(i))
                line.Append(CultureInfo.InvariantCulture, $",{feature:R}");
            line.Append(entry.Position < 0 ? ",,,,," : string.Create(
                CultureInfo.InvariantCulture,
                $",{Bit(outcome.Like)},{Bit(outcome.Comment)},{Bit(outcome.Share)},{Bit(outcome.Hide)},{outcome.DwellMs}"));
            csv.WriteLine(line);
        }
    }

    private static void Candidate(Utf8JsonWriter json, Slate slate, int i, Outcome outcome)
    {
        var entry = slate.Entries[i];
        json.WriteStartObject();
        json.WriteString("id", entry.Post.ToString());
        json.WriteString("author", entry.Author.ToString());
        if (entry.Position < 0)
            json.WriteNull("position");
        else
            json.WriteNumber("position", entry.Position);
        json.WriteNumber("propensity", entry.Propensity);
        json.WriteNumber("score", entry.Score);
        json.WriteStartObject("features");
        var features = slate.FeaturesOf(i);
        for (var f = 0; f < features.Length; f++)
            json.WriteNumber(Features.Names[f], features[f]);
        json.WriteEndObject();
        if (entry.Position >= 0)
            Label(json, outcome);
        json.WriteEndObject();
    }

    private static void Label(Utf8JsonWriter json, Outcome outcome)
    {
        json.WriteStartObject("label");
        json.WriteNumber("like", Bit(outcome.Like));
        json.WriteNumber("comment", Bit(outcome.Comment));
        json.WriteNumber("share", Bit(outcome.Share));
        json.WriteNumber("hide", Bit(outcome.Hide));
        if (outcome.DwellMs is { } dwell)
            json.WriteNumber("dwell_ms", dwell);
        json.WriteEndObject();
    }

    private static int Bit(bool came) => came ? 1 : 0;

    private static string Time(Slate slate) =>
        DateTimeOffset.FromUnixTimeMilliseconds(slate.UnixMs).ToString(InstantConverter.Format, CultureInfo.InvariantCulture);
}
