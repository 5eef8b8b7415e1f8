using System.Globalization;
using System.Text.Json;
using Tidings.Graph;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <summary>
/// The members of one candidate. Under <c>features</c> stands either a whole row of our features, as a list in their order or an object with every name,
/// as the feature log is exported; or facts, as in the candidate itself: raw counts, hours, 0 or 1.
/// </summary>
internal readonly struct CandidateMembers
{
    private readonly JsonElement _candidate;
    private readonly JsonElement _features;
    private readonly int _place;

    /// <summary>Features are a row of ours.</summary>
    private readonly bool _isRow;

    public CandidateMembers(JsonElement candidate, int place)
    {
        (_candidate, _place) = (candidate, place);
        if (!candidate.TryGetProperty("features", out _features) || _features.ValueKind == JsonValueKind.Null)
            return;
        if (_features.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            throw Bad("features", "neither an object nor a list");
        if (_features.ValueKind == JsonValueKind.Array && _features.GetArrayLength() != Features.Count)
            throw Bad("features", $"a list of {_features.GetArrayLength()} numbers, not {Features.Count}");
        var features = _features;
        _isRow = _features.ValueKind == JsonValueKind.Array || Features.Names.All(name => features.TryGetProperty(name, out _));
    }

    public string? Text(string name) => Find(name) is not { } value ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => throw Bad(name, "neither a string nor a number"),
    };

    /// <summary>From a time, or from an age in one of several units; where there is neither, the slate's own time.</summary>
    public long PublishedUnixMs(long time)
    {
        foreach (var name in (ReadOnlySpan<string>)["published", "created_at", "published_at"])
        {
            if (Find(name) is { } value)
                return SlateJson.Time(value, $"candidate {_place}: {name}");
        }
        var ageMs = Number("age_ms") ?? Number("age_seconds") * 1e3 ?? Number("age_s") * 1e3 ?? Number("age_minutes") * 6e4 ?? Number("age_hours") * 3.6e6
            ?? Number("post_age_hours") * 3.6e6 ?? Number("age") * 3.6e6 ?? (Math.Exp(Row("age_log") ?? 0) - 1) * 3.6e6;
        return ageMs is >= 0 and < 4e12 ? time - (long)ageMs : throw Bad("age", "negative, or more than a century");
    }

    /// <param name="author">Its number in the slate.</param>
    public CandidateFacts Facts(long time, float authorPostsPerDay, string reader, int author)
    {
        var counts = HasCounts ? new Counts(Count("likes"), Count("comments"), Count("shares")) : new Counts(LikesOfRate(time), 0, 0);
        var tie = (Flag("is_friend") || Flag("friend") ? Tie.Friend : 0) | (Flag("is_close_friend") || Flag("close_friend") ? Tie.CloseFriend : 0);
        var affinity = (float)Math.Clamp(Number("affinity") ?? Number("author_affinity") ?? Row("author_affinity") ?? 0, 0, 100);
        var followers = Number("followers") ?? Number("author_followers") ?? Math.Exp(Row("author_followers") ?? 0) - 1;
        var isOwn = Flag("is_own") || Text("author") == reader;
        return new CandidateFacts(PublishedUnixMs(time), counts, Type(), affinity, tie, isOwn, authorPostsPerDay, (int)Math.Clamp(followers + 0.5, 0, int.MaxValue), Flag("seen"),
            author);
    }

    /// <summary>A whole row of ours stands before what the facts would give, and so do two sums of counts where the counts themselves are missing.</summary>
    public void Override(Span<float> row)
    {
        for (var f = 0; _isRow && f < row.Length; f++)
            row[f] = (float)Row(Features.Names[f])!.Value;
        if (HasCounts)
            return;
        if (Number("base_score") is > 0 and var score)
            row[0] = MathF.Log(1 + (float)score);
        if (Number("engagement_rate") is > 0 and var rate)
            row[4] = MathF.Log(1 + (float)rate);
    }

    private bool HasCounts => _isRow || Find("likes") is not null || Find("comments") is not null || Find("shares") is not null;

    /// <summary>As many likes as make up the rate that is told instead of counts.</summary>
    private int LikesOfRate(long time)
    {
        var hours = (time - PublishedUnixMs(time)) / 3.6e6;
        return Number("engagement_rate") is > 0 and var rate ? (int)Math.Min(rate * (Math.Max(0, hours) + 1) + 0.5, int.MaxValue) : 0;
    }

    private int Count(string name)
    {
        var count = Number(name) ?? Math.Exp(Row(name) ?? 0) - 1;
        return count >= 0 ? (int)Math.Min(count + 0.5, int.MaxValue) : throw Bad(name, "negative");
    }

    private PostType Type()
    {
        var type = Find("type") ?? Find("post_type");
        if (type is { ValueKind: JsonValueKind.String } word)
        {
            return word.GetString() switch
            {
                "image" or "photo" => PostType.Image, "video" => PostType.Video, "link" => PostType.Link, _ => PostType.Text,
            };
        }
        return Flag("is_image") ? PostType.Image : Flag("is_video") ? PostType.Video : Flag("is_link") ? PostType.Link : PostType.Text;
    }

    private bool Flag(string name) => (Number(name) ?? Row(name) ?? 0) > 0;

    private double? Number(string name) => Find(name) is { } value ? Finite(value, name) : null;

    /// <summary>One of our features, where there is a row of them.</summary>
    private double? Row(string name)
    {
        if (!_isRow || Features.Names.Index().FirstOrDefault(f => f.Item == name) is not { Item: not null } feature)
            return null;
        return Finite(_features.ValueKind == JsonValueKind.Array ? _features[feature.Index] : _features.GetProperty(name), name);
    }

    /// <summary>A fact, in the candidate or among the features where these are facts.</summary>
    private JsonElement? Find(string name)
    {
        if (_candidate.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
            return value;
        return !_isRow && _features.ValueKind == JsonValueKind.Object && _features.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private float Finite(JsonElement value, string name)
    {
        var number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var written) => written,
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var written) => written,
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => double.NaN,
        };
        return float.IsFinite((float)number) ? (float)number : throw Bad(name, "no finite number");
    }

    private BadSlateException Bad(string name, string why) => new($"candidate {_place}: {name} is {why}");
}
