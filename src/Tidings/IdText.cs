using System.Globalization;

namespace Tidings;

/// <summary>Ids as the wire has them: a positive number in decimal, no sign, no blanks.</summary>
internal static class IdText
{
    public static bool TryParse(ReadOnlySpan<char> text, out long id)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id) && id > 0)
            return true;
        id = 0;
        return false;
    }

    public static string Format(long id) => id.ToString(CultureInfo.InvariantCulture);
}
