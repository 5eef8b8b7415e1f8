using Tidings.Client.Wire;

namespace Tidings.Server.Tests.Faults;

internal static class Pages
{
    public const int Limit = 100;

    /// <summary>More than any list here is long.</summary>
    private const int PagesMax = 10_000;

    /// <summary>Walks a list to its end.</summary>
    public static async Task<List<T>> AllAsync<T>(Func<string?, Task<Page<T>>> read)
    {
        var items = new List<T>();
        string? cursor = null;
        for (var page = 0; page < PagesMax; page++)
        {
            var next = await read(cursor);
            items.AddRange(next.Items);
            cursor = next.NextCursor;
            if (cursor is null)
                return items;
        }
        throw new WrongAnswerException($"A list goes on after {PagesMax} pages.");
    }
}
