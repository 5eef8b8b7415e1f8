using System.Collections.Concurrent;
using Tidings.Posts;

namespace Tidings.Feeds;

public enum FeedOrder : byte { Ranked = 0, Latest = 1 }

/// <param name="Limit">Posts on the page, 1 to <see cref="LimitMax"/>.</param>
/// <param name="Cursor">Where to go on, as the page before gave it; null for the top.</param>
public readonly record struct FeedQuery(FeedOrder Order, int Limit, string? Cursor)
{
    public const int LimitDefault = 20;
    public const int LimitMax = 100;
}

/// <param name="Score">The first pass's; 0 in <see cref="FeedOrder.Latest"/>.</param>
public readonly record struct FeedItem(PostHeader Header, float Score, bool Liked, bool Shared);

/// <summary>A page of a feed. Pooled: dispose it when it is written.</summary>
public sealed class FeedPage : IDisposable
{
    private const int PooledMax = 256;
    private static readonly ConcurrentStack<FeedPage> Pool = new();

    internal readonly FeedItem[] Buffer = new FeedItem[FeedQuery.LimitMax];

    private FeedPage()
    {
    }

    public ReadOnlySpan<FeedItem> Items => Buffer.AsSpan(0, Count);

    /// <summary>Null at the end of the feed.</summary>
    public string? NextCursor { get; internal set; }

    /// <summary>The first item that the reader has seen before; all below have been, too. Null where there is none, and in <see cref="FeedOrder.Latest"/>.</summary>
    public int? CaughtUpAt { get; private set; }

    internal int Count { get; private set; }

    internal static FeedPage Rent()
    {
        if (!Pool.TryPop(out var page))
            return new FeedPage();
        page.Count = 0;
        page.NextCursor = null;
        page.CaughtUpAt = null;
        return page;
    }

    internal void Add(in PostHeader header, float score, bool seen = false)
    {
        if (seen)
            CaughtUpAt ??= Count;
        Buffer[Count++] = new FeedItem(header, score, false, false);
    }

    public void Dispose()
    {
        if (Pool.Count < PooledMax)
            Pool.Push(this);
    }
}
