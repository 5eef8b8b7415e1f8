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
        var ok = IdText.TryParse(text, out var value);
        id = new PostId(value);
        return ok;
    }

    public override string ToString() => IdText.Format(Value);
}
