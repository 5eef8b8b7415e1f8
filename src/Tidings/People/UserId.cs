using System.Globalization;

namespace Tidings.People;

/// <summary>A person. Positive; given by the record in order of sign-up, from 1. A string in JSON.</summary>
public readonly record struct UserId(long Value) : IComparable<UserId>
{
    public int CompareTo(UserId other) => Value.CompareTo(other.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out UserId id)
    {
        var ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0;
        id = new UserId(ok ? value : 0);
        return ok;
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
