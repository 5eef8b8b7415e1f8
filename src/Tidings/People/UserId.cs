namespace Tidings.People;

/// <summary>A person. Positive; given by the record in order of sign-up, from 1; several writers may leave numbers out. A string in JSON.</summary>
public readonly record struct UserId(long Value) : IComparable<UserId>
{
    public int CompareTo(UserId other) => Value.CompareTo(other.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out UserId id)
    {
        var ok = IdText.TryParse(text, out var value);
        id = new UserId(value);
        return ok;
    }

    public override string ToString() => IdText.Format(Value);
}
