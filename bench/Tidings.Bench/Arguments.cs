using System.Globalization;

namespace Tidings.Bench;

internal sealed class UsageException(string message) : Exception(message);

/// <summary>Options as <c>--name value</c> and flags as <c>--name</c>. What nobody asked for is refused.</summary>
internal sealed class Arguments(IReadOnlyList<string> words)
{
    private readonly HashSet<int> _read = [];

    /// <exception cref="UsageException">The option stands without a value.</exception>
    public string Text(string name, string otherwise)
    {
        var at = Find(name);
        if (at < 0)
            return otherwise;
        if (at + 1 == words.Count)
            throw new UsageException($"{name} stands without a value.");
        _read.Add(at + 1);
        return words[at + 1];
    }

    /// <exception cref="UsageException">Not a number in the range.</exception>
    public int Number(string name, int otherwise, int min, int max)
    {
        var text = Text(name, otherwise.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException($"{name} is {text}: it is a number from {min:N0} to {max:N0}.");
    }

    public bool Flag(string name) => Find(name) >= 0;

    /// <summary>Call it when everything was asked for.</summary>
    /// <exception cref="UsageException">A word is left over.</exception>
    public void End()
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (!_read.Contains(i))
                throw new UsageException($"{words[i]} means nothing here.");
        }
    }

    private int Find(string name)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == name && _read.Add(i))
                return i;
        }
        return -1;
    }
}
