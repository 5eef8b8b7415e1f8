using System.Buffers;
using System.Text;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Server.Http;

namespace Tidings.Server.Posts;

/// <summary>
/// A page on its way out. What differs from read to read is laid out first, which gives the length; then fragments and tails go in turns
/// straight into the connection's buffer, of which one stretch of that length is asked for: so the bulk of a page is copied once, and the kernel takes it
/// in one piece.
/// </summary>
internal readonly struct PostPage : IDisposable
{
    private readonly ReadOnlyMemory<byte[]?> _fragments;
    private readonly PooledBytes _tails;
    /// <summary>0: the end of what stands before the first fragment; i + 1: the end of what follows the i-th.</summary>
    private readonly int[] _tailEnds;
    private readonly int _length;

    /// <param name="fragments">For each item; null where the post is gone meanwhile: it is left out.</param>
    public PostPage(ReadOnlyMemory<FeedItem> items, byte[]?[] fragments, UserId viewer, in PageTail tail)
    {
        _fragments = fragments.AsMemory(0, items.Length);
        _tails = new PooledBytes((items.Length + 1) * PostJson.TailBytesMax);
        _tailEnds = ArrayPool<int>.Shared.Rent(items.Length + 1);
        var (last, written, caughtUpAt) = (0, 0, -1);
        _tails.Add("{\"items\":["u8);
        for (var i = 0; i < items.Length; i++)
        {
            if (fragments[i] is not { } fragment)
                continue;
            if (caughtUpAt < 0 && i >= tail.CaughtUpAt)
                caughtUpAt = written;
            if (written++ > 0)
                _tails.Add(","u8);
            // What stands before a fragment is the end of the tail before it.
            _tailEnds[last] = _tails.Length;
            last = i + 1;
            _length += fragment.Length;
            PostJson.WriteTail(_tails, items.Span[i], viewer, tail.Ranked);
        }
        // Cursors are base64url: nothing in them needs escaping.
        _tails.Add("],\"next_cursor\":"u8);
        if (tail.Next is not null)
            _tails.Add("\""u8);
        _tails.AddAscii(tail.Next ?? "null");
        _tails.Add(tail.Next is null ? ""u8 : "\""u8);
        if (tail.IsFeed)
        {
            WriteCaughtUp(caughtUpAt);
            _tails.Add(QualityJson(tail.Quality));
        }
        _tails.Add("}"u8);
        _tailEnds[last] = _tails.Length;
        _length += _tails.Length;
    }

    public async Task SendAsync(HttpContext http)
    {
        http.Response.ContentType = PooledBytes.JsonType;
        http.Response.ContentLength = _length;
        // Before the response has begun the server would buffer what is written.
        await http.Response.StartAsync(http.RequestAborted);
        http.Response.BodyWriter.Advance(Copy(http.Response.BodyWriter.GetSpan(_length)));
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    public void Dispose()
    {
        _tails.Dispose();
        ArrayPool<int>.Shared.Return(_tailEnds);
    }

    private void WriteCaughtUp(int at)
    {
        _tails.Add(",\"caught_up_at\":"u8);
        if (at < 0) _tails.Add("null"u8);
        else _tails.Add(at);
    }

    private static ReadOnlySpan<byte> QualityJson(FeedQuality quality) => quality switch
    {
        FeedQuality.Full => ",\"quality\":\"full\",\"quality_reason\":null"u8,
        FeedQuality.ModelFailed => ",\"quality\":\"unranked\",\"quality_reason\":\"model_failed\""u8,
        _ => ",\"quality\":\"unranked\",\"quality_reason\":\"model_server_away\""u8,
    };

    /// <returns>How many bytes: all.</returns>
    private int Copy(Span<byte> to)
    {
        var tails = _tails.Written;
        var (written, from) = (0, 0);
        Add(tails[.._tailEnds[0]], to, ref written);
        from = _tailEnds[0];
        for (var i = 0; i < _fragments.Length; i++)
        {
            if (_fragments.Span[i] is not { } fragment)
                continue;
            Add(fragment, to, ref written);
            Add(tails[from.._tailEnds[i + 1]], to, ref written);
            from = _tailEnds[i + 1];
        }
        return written;

        static void Add(ReadOnlySpan<byte> bytes, Span<byte> to, ref int written)
        {
            bytes.CopyTo(to[written..]);
            written += bytes.Length;
        }
    }
}

/// <summary>What follows the posts of a page.</summary>
/// <param name="Ranked">Whether the scores are told.</param>
/// <param name="CaughtUpAt">The index of the first item that was seen before.</param>
internal readonly record struct PageTail(string? Next, bool IsFeed = false, bool Ranked = false, int? CaughtUpAt = null, FeedQuality Quality = FeedQuality.Full);
