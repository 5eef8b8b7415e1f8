using Tidings.People;

namespace Tidings.Posts;

/// <summary>
/// The key under which a client may send the same request again, and what it must then be equal to.
/// </summary>
/// <param name="Key">1 to 255 characters, the client's own; one scope for each person.</param>
/// <param name="Fingerprint">SHA-256 of the request's canonical form.</param>
public sealed record IdempotencyClaim(string Key, byte[] Fingerprint)
{
    public const int KeyCharsMax = 255;

    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static readonly Rejection Reused =
        new(RejectionKind.KeyReused, "idempotency_key_reused", "This Idempotency-Key was used with another body.");
}

/// <summary>Posts and their authors' timelines. Every write is one transaction with its idempotency key and its event.</summary>
public interface IPostStore
{
    /// <summary>Gives the post its id and time. An unknown or foreign audience list is <c>list_not_found</c>.</summary>
    ValueTask<Result<Published>> PublishAsync(NewPost post, IdempotencyClaim? claim, CancellationToken ct);

    /// <summary>By its author only, else <c>post_not_found</c>.</summary>
    /// <param name="ifVersion">Refuses with <c>version_conflict</c> where the post has another version; null for any.</param>
    ValueTask<Result<PostHeader>> EditAsync(PostId post, UserId editor, PostEdit edit, int? ifVersion, CancellationToken ct);

    /// <param name="ifVersion">As for an edit; a post that was deleted before is not looked at again.</param>
    /// <returns>False where it was deleted before. By its author only, else <c>post_not_found</c>.</returns>
    ValueTask<Result<bool>> DeleteAsync(PostId post, UserId author, int? ifVersion, CancellationToken ct);

    /// <summary>Headers with exact counters, in the order of the ids; <see cref="PostHeader.Version"/> 0 where there is no such post.</summary>
    ValueTask HeadersAsync(ReadOnlyMemory<PostId> ids, Memory<PostHeader> into, CancellationToken ct);

    /// <summary>Bodies in the order of the ids; null where there is no such post or it is deleted.</summary>
    ValueTask BodiesAsync(ReadOnlyMemory<PostId> ids, Memory<PostBody?> into, CancellationToken ct);

    /// <summary>The newest posts of all these authors together that are older than <paramref name="before"/>, newest first, each once.
    /// Deleted ones may be among them.</summary>
    /// <returns>How many were written; fewer than the room given means that there are no more.</returns>
    ValueTask<int> NewestAsync(ReadOnlyMemory<UserId> authors, PostId before, Memory<PostId> into, CancellationToken ct);
}
