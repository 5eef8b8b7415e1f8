using System.Globalization;
using System.Text;
using Tidings.Engagement;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Postgres.Sharding;

/// <summary>
/// Which of the 256 logical shards a thing is in. A person's is murmur3 with seed 42 of their id in decimal, its low 8 bits. What a person owns is made
/// with the number of their shard in its own id: posts, comments (of the post's author) and audience lists are found by their id alone. Handles and
/// tokens are owned by nobody yet when they are asked for: they are spread by their own hash.
/// </summary>
internal static class Shard
{
    public const int Count = 256;

    private const uint Seed = 42;
    private const int DigitsMax = 20;

    public static short Of(UserId person)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        person.Value.TryFormat(digits, out var written, provider: CultureInfo.InvariantCulture);
        return Of(digits[..written]);
    }

    public static short Of(PostId post) => (short)TimeOrderedId.Shard(post.Value);

    public static short Of(CommentId comment) => (short)TimeOrderedId.Shard(comment.Value);

    public static short Of(AudienceListId list) => (short)(list.Value % Count);

    public static short OfHandle(string handle) => Of(Encoding.UTF8.GetBytes(handle));

    public static short Of(TokenHash token)
    {
        Span<byte> hash = stackalloc byte[TokenHash.Bytes];
        token.CopyTo(hash);
        return Of(hash);
    }

    private static short Of(ReadOnlySpan<byte> key) => (short)(Murmur3.Hash(key, Seed) % Count);
}
