namespace Tidings.Engagement;

/// <summary>A comment: a <see cref="TimeOrderedId"/>. A string in JSON.</summary>
public readonly record struct CommentId(long Value) : IComparable<CommentId>
{
    public long UnixMs => TimeOrderedId.UnixMs(Value);

    public int CompareTo(CommentId other) => Value.CompareTo(other.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out CommentId id)
    {
        var ok = IdText.TryParse(text, out var value);
        id = new CommentId(value);
        return ok;
    }

    public override string ToString() => IdText.Format(Value);
}
