using System.Globalization;

namespace Tidings.Posts;

/// <summary>A post: a <see cref="TimeOrderedId"/>. A string in JSON.</summary>
public readonly record struct PostId(long Value) : IComparable<PostId>
{
    /// <summary>Before every post, and after every post: the ends of a range.</summary>
    public static readonly PostId None = new(0), Last = new(long.MaxValue);

    public long UnixMs => TimeOrderedId.UnixMs(Value);

    public int CompareTo(PostId other) => Value.CompareTo(other.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out PostId id)
    {
        var ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0;
        id = new PostId(ok ? value : 0);
        return ok;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
