using System.Text.Json;
using Tidings.Posts;

namespace Tidings.Import;

/// <summary>
/// <c>{"author": "ada", "text": "…", "type": "text", "media_ids": [], "audience": "public", "created_at": "2012-07-01T00:00:00Z"}</c>; author
/// and time have to be there. Custom audiences can't be: their lists belong to the record.
/// </summary>
internal static class PostJson
{
    private static readonly string[] Names = ["author", "text", "type", "media_ids", "audience", "created_at"];

    private static readonly (string, PostType)[] Types =
        [("text", PostType.Text), ("image", PostType.Image), ("video", PostType.Video), ("link", PostType.Link)];

    private static readonly (string, Audience)[] Audiences = [("public", Audience.Public), ("friends", Audience.Friends)];

    public static PostLine Parse(long line, ref Utf8JsonReader json, long latestUnixMs)
    {
        string? author = null;
        var (text, type, media, audience, created) = ("", PostType.Text, Array.Empty<string>(), Audience.Public, -1L);
        var seen = 0u;
        JsonFields.Begin(ref json);
        for (int field; (field = JsonFields.Next(ref json, Names, ref seen)) >= 0;)
        {
            var name = Names[field];
            switch (field)
            {
                case 0: author = JsonFields.Text(ref json, name); break;
                case 1: text = JsonFields.Text(ref json, name); break;
                case 2: type = JsonFields.Word<PostType>(ref json, name, Types); break;
                case 3: media = JsonFields.Texts(ref json, name, PostRules.MediaIdsMax); break;
                case 4: audience = JsonFields.Word<Audience>(ref json, name, Audiences); break;
                default: created = JsonFields.UnixMs(ref json, name, latestUnixMs); break;
            }
        }
        if (created < 0)
            throw new BadFieldException("created_at is missing");
        var body = new PostBody(text, media);
        JsonFields.Keep(PostRules.Check(type, audience, default, body));
        return new PostLine(line, JsonFields.Required(author, "author"), type, audience, body, created);
    }
}
