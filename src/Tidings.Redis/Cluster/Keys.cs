using System.Buffers.Text;
using System.Text;
using StackExchange.Redis;
using Tidings.People;

namespace Tidings.Redis.Cluster;

/// <summary>The names of keys: prefix, kind, and in braces the id of whom it belongs to, which decides the slot. So all that is one owner's is on one server.</summary>
internal sealed class Keys(string prefix)
{
    private const int IdDigitsMax = 20;

    private readonly byte[] _feed = Stem(prefix, "feed:{"), _seen = Stem(prefix, "seen:{"), _snapshots = Stem(prefix, "snap:{"),
        _timelines = Stem(prefix, "celebrity_posts:{"), _affinity = Stem(prefix, "affinity:{");

    public string Prefix => prefix;

    /// <summary>What the keys of everyone who was here match.</summary>
    public string SeenPattern => Escaped(prefix) + "seen:{*}";

    /// <summary>What an inbox's name begins with; the history of its server ends it.</summary>
    public byte[] Feed(UserId reader) => Of(_feed, reader.Value);

    public byte[] Seen(UserId reader) => Of(_seen, reader.Value);

    public byte[] Affinity(UserId reader) => Of(_affinity, reader.Value);

    public byte[] Timeline(UserId author) => Of(_timelines, author.Value);

    public RedisKey Snapshots(UserId reader) => Of(_snapshots, reader.Value);

    /// <summary>One of <see cref="Live.LiveMessage.Channels"/>: on which server it is depends on its number.</summary>
    public RedisChannel Live(int channel) => RedisChannel.Sharded($"{prefix}live:{{{channel}}}");

    /// <returns>Null where the key is none of those.</returns>
    public UserId? ReaderOf(ReadOnlySpan<byte> seen)
    {
        if (!seen.StartsWith(_seen) || !Utf8Parser.TryParse(seen[_seen.Length..], out long id, out var read))
            return null;
        return seen[(_seen.Length + read)..].SequenceEqual("}"u8) ? new UserId(id) : null;
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
