using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Server.Posts;

/// <summary>
/// The one JSON of a post, in two parts. What only an edit or a new name can change is made once and kept (<see cref="PostFragments"/>); what
/// differs from read to read and from reader to reader is put behind it each time:
/// <code>
/// {"id":…,"author":{…},"type":…,"text":…,"media_ids":[…],"audience":…,"created_at":…,"edited_at":…,"version":…      the fragment, unclosed
/// ,"counts":{"likes":…,"comments":…,"shares":…},"liked":…,"shared":…[,"audience_list":…][,"score":…]}
/// </code>
/// </summary>
internal static class PostJson
{
    /// <summary>The two ids in front of a fragment and what is around them.</summary>
    private const int HeadBytesMax = 80;

    /// <summary>Room for all that follows a fragment.</summary>
    public const int TailBytesMax = 256;

    private static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Fragment(in PostHeader header, PostBody body, Person author)
    {
        using var bytes = new Http.PooledBytes(512 + body.Text.Length * 2);
        using var json = new Utf8JsonWriter(bytes, Writer);
        json.WriteStartObject();
        json.WriteString("id"u8, header.Id.ToString());
        json.WriteStartObject("author"u8);
        json.WriteString("id"u8, author.Id.ToString());
        json.WriteString("handle"u8, author.Handle);
        json.WriteString("name"u8, author.Name);
        json.WriteEndObject();
        json.WriteString("type"u8, JsonNamingPolicy.SnakeCaseLower.ConvertName(header.Type.ToString()));
        json.WriteString("text"u8, body.Text);
        json.WriteStartArray("media_ids"u8);
        foreach (var id in body.MediaIds)
            json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteString("audience"u8, JsonNamingPolicy.SnakeCaseLower.ConvertName(header.Audience.ToString()));
        WriteTime(json, "created_at"u8, header.Id.UnixMs);
        WriteTime(json, "edited_at"u8, header.EditedUnixMs);
        json.WriteNumber("version"u8, header.Version);
        json.Flush();
        return bytes.Written.ToArray();
    }

    /// <summary>Whether a fragment is of this author's: the id stands in front.</summary>
    public static bool IsBy(UserId author, ReadOnlySpan<byte> fragment)
    {
        Span<byte> mark = stackalloc byte[48];
        return Utf8.TryWrite(mark, CultureInfo.InvariantCulture, $"\"author\":{{\"id\":\"{author.Value}\",", out var written)
            && fragment[..Math.Min(fragment.Length, HeadBytesMax)].IndexOf(mark[..written]) >= 0;
    }

    /// <param name="ranked">Whether the item's score is told.</param>
    public static void WriteTail(Http.PooledBytes to, in FeedItem item, UserId viewer, bool ranked)
    {
        to.Add(",\"counts\":{\"likes\":"u8);
        to.Add(item.Header.Counts.Likes);
        to.Add(",\"comments\":"u8);
        to.Add(item.Header.Counts.Comments);
        to.Add(",\"shares\":"u8);
        to.Add(item.Header.Counts.Shares);
        to.Add("},\"liked\":"u8);
        to.Add(item.Liked);
        to.Add(",\"shared\":"u8);
        to.Add(item.Shared);
        if (item.Header.List.Value > 0 && item.Header.Author == viewer)
        {
            to.Add(",\"audience_list\":\""u8);
            to.Add(item.Header.List.Value);
            to.Add("\""u8);
        }
        if (ranked)
        {
            to.Add(",\"score\":"u8);
            to.Add(item.Score);
        }
        to.Add("}"u8);
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, long unixMs)
    {
        if (unixMs == 0)
        {
            json.WriteNull(name);
            return;
        }
        Span<char> text = stackalloc char[24];
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).TryFormat(text, out _, InstantConverter.Format, CultureInfo.InvariantCulture);
        json.WriteString(name, text);
    }
}
