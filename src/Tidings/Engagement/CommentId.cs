using System.Globalization;

namespace Tidings.Engagement;

/// <summary>A comment: a <see cref="TimeOrderedId"/>. A string in JSON.</summary>
public readonly record struct CommentId(long Value) : IComparable<CommentId>
{
    public long UnixMs => TimeOrderedId.UnixMs(Value);

    public int CompareTo(CommentId other) => Value.CompareTo(other.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out CommentId id)
    {
        var ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0;
        id = new CommentId(ok ? value : 0);
        return ok;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
