using System.Buffers.Text;
using System.Text;
using StackExchange.Redis;
using Tidings.People;

namespace Tidings.Redis.Cluster;

/// <summary>The names of keys: prefix, kind, and in braces the id of whom it belongs to, which decides the slot. So all that is one owner's is on one server.</summary>
internal sealed class Keys(string prefix)
{
    private const int IdDigitsMax = 20;

    private readonly byte[] _feed = Stem(prefix, "feed:{"), _snapshots = Stem(prefix, "snap:{");

    public string Prefix => prefix;

    /// <summary>What the keys of all inboxes match.</summary>
    /// <param name="end">What stands behind the owner.</param>
    public string FeedPattern(string end) => $"{Escaped(prefix)}feed:{{*}}{end}";

    public byte[] Feed(UserId reader) => Of(_feed, reader.Value);

    public RedisKey Snapshots(UserId reader) => Of(_snapshots, reader.Value);

    /// <returns>Null where the key is no inbox's.</returns>
    public UserId? ReaderOf(ReadOnlySpan<byte> feed, ReadOnlySpan<byte> end)
    {
        if (!feed.StartsWith(_feed) || !Utf8Parser.TryParse(feed[_feed.Length..], out long id, out var read))
            return null;
        var rest = feed[(_feed.Length + read)..];
        return rest.StartsWith("}"u8) && rest[1..].SequenceEqual(end) ? new UserId(id) : null;
    }

    private static byte[] Stem(string prefix, string kind) => Encoding.UTF8.GetBytes(prefix + kind);

    private static byte[] Of(byte[] stem, long id)
    {
        Span<byte> key = stackalloc byte[stem.Length + IdDigitsMax + 1];
        stem.CopyTo(key);
        Utf8Formatter.TryFormat(id, key[stem.Length..], out var digits);
        key[stem.Length + digits] = (byte)'}';
        return key[..(stem.Length + digits + 1)].ToArray();
    }

    private static string Escaped(string text) => string.Concat(text.Select(c => c is '*' or '?' or '[' or ']' or '\\' or '^' ? $"\\{c}" : $"{c}"));
}
