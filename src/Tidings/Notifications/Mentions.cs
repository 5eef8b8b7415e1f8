using Tidings.Events;
using Tidings.People;

namespace Tidings.Notifications;

/// <summary>
/// The people that a text names: <c>@</c> and a handle, where no letter, digit or underscore stands before the sign, so that an address of mail
/// names nobody. Case makes no difference.
/// </summary>
public static class Mentions
{
    /// <summary>Handles of one text; further ones are passed over.</summary>
    public const int HandlesMax = 20;

    private const char Sign = '@';

    /// <returns>What the event of a new post says of its text.</returns>
    public static long DetailOf(string text) => text.Contains(Sign) ? 0 : Event.NamesNobody;

    /// <returns>In the order of the text, each once.</returns>
    public static IReadOnlyList<string> In(string text)
    {
        List<string> handles = [];
        for (var at = text.IndexOf(Sign); at >= 0 && handles.Count < HandlesMax; at = text.IndexOf(Sign, at + 1))
        {
            var end = at + 1;
            while (end < text.Length && IsOfHandle(text[end]))
                end++;
            var apart = at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_');
            if (!apart || end - at - 1 is < PersonRules.HandleCharsMin or > PersonRules.HandleCharsMax)
                continue;
            var handle = text[(at + 1)..end].ToLowerInvariant();
            if (!handles.Contains(handle))
                handles.Add(handle);
        }
        return handles;
    }

    private static bool IsOfHandle(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
