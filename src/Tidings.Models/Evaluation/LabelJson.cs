using System.Text.Json;
using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <summary>
/// What came of a candidate, as <c>label</c> or <c>labels</c>: a word or a list of words (<c>like</c>, <c>comment</c>, <c>share</c>, <c>hide</c>, <c>none</c>), an
/// object of heads, or a number or truth value, where all above 0 counts as a like. Without a label nothing came of it.
/// </summary>
internal static class LabelJson
{
    public static Outcome Read(JsonElement candidate, int place)
    {
        foreach (var name in (ReadOnlySpan<string>)["label", "labels", "outcome", "outcomes"])
        {
            if (candidate.TryGetProperty(name, out var label))
                return Of(label, place);
        }
        return Outcome.None;
    }

    private static Outcome Of(JsonElement label, int place) => label.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => Outcome.None,
        JsonValueKind.True => Outcome.Like,
        JsonValueKind.Number => label.GetDouble() > 0 ? Outcome.Like : label.GetDouble() < 0 ? Outcome.Hide : Outcome.None,
        JsonValueKind.String => Word(label.GetString()!, place),
        JsonValueKind.Array => label.EnumerateArray().Aggregate(Outcome.None, (all, one) => all | Of(one, place)),
        _ => label.EnumerateObject().Aggregate(Outcome.None, (all, head) => IsTrue(head.Value) ? all | Word(head.Name, place) : all),
    };

    private static bool IsTrue(JsonElement value) =>
        value.ValueKind is JsonValueKind.True || (value.ValueKind is JsonValueKind.Number && value.GetDouble() > 0);

    private static Outcome Word(string word, int place) => word switch
    {
        "like" or "liked" or "favorite" or "click" => Outcome.Like,
        "comment" or "commented" or "reply" or "replied" => Outcome.Comment,
        "share" or "shared" or "repost" or "retweet" => Outcome.Share,
        "hide" or "hidden" => Outcome.Hide,
        "" or "none" or "0" or "dwell_ms" or "view" or "impression" => Outcome.None,
        "1" => Outcome.Like,
        _ => throw new BadSlateException($"candidate {place}: label is {ModelFile.Quoted(word)}; it is one of {string.Join(", ", Heads.Names)}, none, or a number"),
    };
}
