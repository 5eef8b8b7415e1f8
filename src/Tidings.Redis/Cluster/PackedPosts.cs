using System.Buffers.Binary;
using StackExchange.Redis;
using Tidings.Posts;

namespace Tidings.Redis.Cluster;

/// <summary>Ids of posts as Redis has them: 8 bytes each, the highest first, so that bytes sort like ids.</summary>
internal static class PackedPosts
{
    public const int Bytes = sizeof(long);

    public static byte[] Of(PostId post)
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, post.Value);
        return bytes;
    }

    public static byte[] Of(ReadOnlySpan<PostId> posts)
    {
        var bytes = new byte[posts.Length * Bytes];
        for (var i = 0; i < posts.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(i * Bytes), posts[i].Value);
        return bytes;
    }

    /// <returns>How many were written.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, Span<PostId> into)
    {
        var count = bytes.Length / Bytes;
        for (var i = 0; i < count; i++)
            into[i] = new PostId(BinaryPrimitives.ReadInt64BigEndian(bytes[(i * Bytes)..]));
        return count;
    }
}
