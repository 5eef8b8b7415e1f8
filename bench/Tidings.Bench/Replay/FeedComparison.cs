using System.Globalization;
using Tidings.Bench.Worlds;
using Tidings.Client;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Replay;

/// <summary>One post of a feed as it was read.</summary>
internal readonly record struct ReadPost(PostId Id, int Comments, int Shares);

/// <summary>Walks the latest feeds of sampled readers and holds each against <see cref="PlainFeeds"/>: same posts, same order, same counters, none
/// too many, none missing.</summary>
internal static class FeedComparison
{
    /// <summary>How far a feed is walked at least, where it is that long.</summary>
    public const int WalkMin = 1_000;

    private const int DifferencesShown = 5;

    /// <returns>Whether all agree.</returns>
    public static async Task<bool> RunAsync(PlainFeeds plain, IReadOnlyList<UserId> readers, Func<UserId, Task<(List<ReadPost> Posts, bool IsWhole)>> walk)
    {
        var (differing, posts, longest) = (0, 0L, 0);
        foreach (var reader in readers)
        {
            var (read, isWhole) = await walk(reader);
            var expected = plain.Newest(reader, isWhole ? int.MaxValue : read.Count)
                .Select(p => new ReadPost(p.Id, p.Comments, p.Shares.Count)).ToList();
            posts += read.Count;
            longest = Math.Max(longest, read.Count);
            if (expected.SequenceEqual(read))
                continue;
            if (differing++ < DifferencesShown)
                Console.WriteLine($"  {Explain(reader, expected, read)}");
        }
        Console.WriteLine($"  {readers.Count:N0} feeds compared, {posts:N0} posts on them, the longest {longest:N0}: {(differing == 0 ? "all equal" : $"{differing} DIFFER")}");
        return differing == 0;
    }

    public static async Task<(List<ReadPost>, bool)> WalkEngineAsync(ReadFeed feed, UserId reader)
    {
        var posts = new List<ReadPost>();
        string? cursor = null;
        do
        {
            using var page = (await feed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Latest, FeedQuery.LimitMax, cursor), CancellationToken.None)).Value;
            foreach (ref readonly var item in page.Items)
                posts.Add(new ReadPost(item.Header.Id, item.Header.Counts.Comments, item.Header.Counts.Shares));
            cursor = page.NextCursor;
        }
        while (cursor is not null && posts.Count < WalkMin);
        return (posts, cursor is null);
    }

    public static async Task<(List<ReadPost>, bool)> WalkHttpAsync(TidingsClient client, string key, UserId reader)
    {
        var posts = new List<ReadPost>();
        var behalf = client.As(key, reader.ToString());
        string? cursor = null;
        do
        {
            var page = await behalf.FeedAsync("latest", FeedQuery.LimitMax, cursor, CancellationToken.None);
            posts.AddRange(page.Items.Select(p => new ReadPost(
                new PostId(long.Parse(p.Id, CultureInfo.InvariantCulture)), p.Counts.Comments, p.Counts.Shares)));
            cursor = page.NextCursor;
        }
        while (cursor is not null && posts.Count < WalkMin);
        return (posts, cursor is null);
    }

    private static string Explain(UserId reader, List<ReadPost> expected, List<ReadPost> read)
    {
        var at = 0;
        while (at < Math.Min(expected.Count, read.Count) && expected[at] == read[at])
            at++;
        var (should, reads) = (at < expected.Count ? $"{expected[at]}" : "the end", at < read.Count ? $"{read[at]}" : "the end");
        return $"reader {reader}: entry {at} is {reads}, should be {should}; {read.Count} read, {expected.Count} expected";
    }
}
