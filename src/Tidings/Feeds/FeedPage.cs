using Tidings.Posts;

namespace Tidings.Feeds;

public enum FeedOrder : byte { Ranked = 0, Latest = 1 }

/// <summary>How good a page is, the worse the higher. The numbers are part of the cursor.</summary>
public enum FeedQuality : byte
{
    /// <summary>As it should be: where a model is to rank, a model did, be it the one that stands in for a model server.</summary>
    Full = 0,
    /// <summary>The model could not score, so the first pass ranks.</summary>
    ModelFailed = 1,
    /// <summary>The model server is away and no model stands in for it, so the first pass ranks.</summary>
    ModelServerAway = 2,
}

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
    private static readonly CorePool<FeedPage> Pool = new(PooledMax);

    internal readonly FeedItem[] Buffer = new FeedItem[FeedQuery.LimitMax];

    private FeedPage()
    {
    }

    public ReadOnlySpan<FeedItem> Items => Buffer.AsSpan(0, Count);

    /// <summary>Null at the end of the feed.</summary>
    public string? NextCursor { get; internal set; }

    /// <summary>The first item that the reader has seen before; all below have been, too. Null where there is none, and in <see cref="FeedOrder.Latest"/>.</summary>
    public int? CaughtUpAt { get; private set; }

    /// <summary>Of the worst part of the page.</summary>
    public FeedQuality Quality { get; private set; }

    internal int Count { get; private set; }

    internal static FeedPage Rent()
    {
        if (Pool.Take() is not { } page)
            return new FeedPage();
        page.Count = 0;
        page.NextCursor = null;
        page.CaughtUpAt = null;
        page.Quality = FeedQuality.Full;
        return page;
    }

    internal void Add(in PostHeader header, float score, bool seen = false)
    {
        if (seen)
            CaughtUpAt ??= Count;
        Buffer[Count++] = new FeedItem(header, score, false, false);
    }

    internal void Take(FeedQuality part) => Quality = part > Quality ? part : Quality;

    public void Dispose() => Pool.Return(this);
}
