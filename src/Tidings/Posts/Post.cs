using System.Runtime.InteropServices;
using Tidings.Graph;
using Tidings.People;

namespace Tidings.Posts;

/// <summary>The numbers are part of the stored format.</summary>
public enum PostType : byte { Text = 0, Image = 1, Video = 2, Link = 3 }

/// <summary>Who may see a post. The numbers are part of the stored format.</summary>
public enum Audience : byte { Public = 0, Friends = 1, Custom = 2 }

/// <summary>What a feed needs of a post to filter and rank it: small, of one size, and kept in memory for recent posts.</summary>
/// <param name="Version">1 when published, one more with each edit; 0 where there is no such post.</param>
/// <param name="EditedUnixMs">0 where never edited.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PostHeader(
    PostId Id, UserId Author, PostType Type, Audience Audience, AudienceListId List, bool Deleted,
    int Version, long EditedUnixMs, Counts Counts)
{
    public bool Exists => Version > 0 && !Deleted;
}

/// <summary>The exact counters of a post.</summary>
public readonly record struct Counts(int Likes, int Comments, int Shares);

/// <summary>What people see of a post.</summary>
public sealed record PostBody(string Text, IReadOnlyList<string> MediaIds)
{
    /// <summary>The version of the post that this is the body of. Whoever was allowed to see a post by its header compares: a newer text may
    /// have come with a narrower audience.</summary>
    public int Version { get; init; } = 1;
}

public sealed record NewPost(UserId Author, PostType Type, Audience Audience, AudienceListId List, PostBody Body);

/// <summary>What an edit changes; null leaves as it is.</summary>
public sealed record PostEdit(string? Text, Audience? Audience, AudienceListId List);

/// <param name="Replayed">The idempotency key was used before, with the same body: nothing was made anew.</param>
public readonly record struct Published(PostId Id, bool Replayed);

/// <summary>What a post may be.</summary>
public static class PostRules
{
    public const int TextCharsMax = 10_000;
    public const int MediaIdsMax = 20;
    public const int MediaIdCharsMax = 100;

    public static Rejection? Check(PostType type, Audience audience, AudienceListId list, PostBody body)
    {
        if (body.MediaIds.Count > MediaIdsMax)
            return Rejection.Invalid("media_ids", $"A post has at most {MediaIdsMax} media ids.");
        foreach (var id in body.MediaIds)
        {
            if (id.Length is 0 or > MediaIdCharsMax)
                return Rejection.Invalid("media_ids", $"A media id has 1 to {MediaIdCharsMax} characters.");
        }
        if (type is PostType.Image or PostType.Video && body.MediaIds.Count == 0)
            return Rejection.Invalid("media_ids", $"A post of type {type.ToString().ToLowerInvariant()} names at least one media id.");
        return CheckText(type, body.Text) ?? CheckAudience(audience, list);
    }

    public static Rejection? CheckText(PostType type, string text)
    {
        if (text.Length > TextCharsMax)
            return Rejection.Invalid("text", $"A text has at most {TextCharsMax} characters.");
        return type is PostType.Text or PostType.Link && string.IsNullOrWhiteSpace(text)
            ? Rejection.Invalid("text", $"A post of type {type.ToString().ToLowerInvariant()} has a text that is not blank.")
            : null;
    }

    public static Rejection? CheckAudience(Audience audience, AudienceListId list)
    {
        if (audience == Audience.Custom && list.Value == 0)
            return Rejection.Invalid("audience_list", "A custom audience names the list.");
        return audience != Audience.Custom && list.Value != 0
            ? Rejection.Invalid("audience_list", "Only a custom audience names a list.")
            : null;
    }
}
