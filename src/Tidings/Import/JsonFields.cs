using System.Globalization;
using System.Text.Json;

namespace Tidings.Import;

/// <summary>A line is JSON but not what it has to be; the message says why.</summary>
internal sealed class BadFieldException(string reason) : Exception(reason);

/// <summary>Walks over the fields of one flat JSON object.</summary>
internal static class JsonFields
{
    public static void Begin(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw new BadFieldException("it is not a JSON object");
    }

    /// <summary>Moves to the next field's value. Names are compared as written: no field needs an escape.</summary>
    /// <param name="seen">One bit for each field that was there.</param>
    /// <returns>The field's place in <paramref name="names"/>; −1 at the end of the object.</returns>
    public static int Next(ref Utf8JsonReader json, ReadOnlySpan<string> names, ref uint seen)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.PropertyName)
            return -1;
        for (var i = 0; i < names.Length; i++)
        {
            if (!json.ValueTextEquals(names[i]))
                continue;
            if ((seen & (1u << i)) != 0)
                throw new BadFieldException($"{names[i]} is there twice");
            seen |= 1u << i;
            json.Read();
            return i;
        }
        throw new BadFieldException("it has a field that is not known here");
    }

    public static void End(ref Utf8JsonReader json)
    {
        if (json.Read())
            throw new BadFieldException("something follows the object");
    }

    public static string Text(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.String)
            throw new BadFieldException($"{name} is not a string");
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new BadFieldException($"{name} is not valid Unicode: {e.Message}");
        }
    }

    public static string[] Texts(ref Utf8JsonReader json, string name, int max)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw new BadFieldException($"{name} is not a list");
        var texts = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (texts.Count == max)
                throw new BadFieldException($"{name} has more than {max} entries");
            texts.Add(Text(ref json, name));
        }
        return [.. texts];
    }

    /// <summary>RFC 3339, with Z or an offset.</summary>
    public static long UnixMs(ref Utf8JsonReader json, string name, long latestUnixMs)
    {
        var text = Text(ref json, name);
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        if (!hasOffset || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            throw new BadFieldException($"{name} is not a time such as 2012-07-01T00:00:00Z");
        var unixMs = time.ToUnixTimeMilliseconds();
        if (unixMs < TimeOrderedId.EpochUnixMs || unixMs > latestUnixMs)
            throw new BadFieldException($"{name} is before 2006 or in the future");
        return unixMs;
    }

    public static T Word<T>(ref Utf8JsonReader json, string name, ReadOnlySpan<(string Word, T Value)> words)
    {
        var text = Text(ref json, name);
        foreach (var (word, value) in words)
        {
            if (text == word)
                return value;
        }
        throw new BadFieldException($"{name} is none of the words allowed");
    }

    public static T Required<T>(T? value, string name) where T : class =>
        value ?? throw new BadFieldException($"{name} is missing");

    public static void Keep(Rejection? wrong)
    {
        if (wrong is not null)
            throw new BadFieldException($"{wrong.Field} breaks a rule: {wrong.Detail}");
    }
}
