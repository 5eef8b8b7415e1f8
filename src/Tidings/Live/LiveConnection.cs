using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>
/// One open connection of a reader: a place in the reader's sequence, the posts on its screen, and what it has been asked to look at. It
/// queues nothing: what it hasn't sent yet is in the reader's ring, and whoever is so slow that the ring has moved on gets one
/// <see cref="FrameKind.Resync"/>. <see cref="LiveRelay"/> takes the frames out, one caller at a time.
/// </summary>
public sealed class LiveConnection
{
    /// <summary>Posts that one connection can watch: what is on a screen, and a little around it.</summary>
    public const int WatchedMax = 200;

    private readonly Lock _gate = new();
    private readonly Wake _wake = new();
    private PostId[] _watched = [];
    private PostId[]? _changed;
    private int _changedCount;
    private bool _recheck = true, _beat;
    private int _bye;

    internal LiveConnection(LiveReader reader, TokenHash token, long expiresUnixMs, long? resumeAfter)
    {
        Reader = reader;
        Token = token;
        ExpiresUnixMs = expiresUnixMs;
        After = reader.Join(this, resumeAfter);
        IsResumed = resumeAfter == After;
        IsBehind = resumeAfter is not null && !IsResumed;
    }

    public UserId Person => Reader.Person;

    /// <summary>The caller's token; the default where the record doesn't know it, and only the time ends it.</summary>
    public TokenHash Token { get; }

    public long ExpiresUnixMs { get; }

    internal LiveReader Reader { get; }

    /// <summary>The number of the last event that was taken.</summary>
    internal long After { get; set; }

    internal bool IsGreeted { get; set; }

    /// <summary>The goodbye was taken.</summary>
    internal bool IsOver { get; set; }

    internal bool IsResumed { get; }

    /// <summary>Events are missing that can't be told any more, and the client doesn't know yet.</summary>
    internal bool IsBehind { get; set; }

    /// <summary>Nothing comes any more but the goodbye.</summary>
    public bool IsEnded => Bye != ByeReason.None;

    /// <summary>Why it ends; <see cref="ByeReason.None"/> while it doesn't.</summary>
    public ByeReason Bye => (ByeReason)Volatile.Read(ref _bye);

    /// <summary>Sorted; replaced, never changed.</summary>
    internal PostId[] Watched => Volatile.Read(ref _watched);

    /// <summary>Waits until there may be something to take. For one at a time.</summary>
    public ValueTask WaitAsync() => _wake.WaitAsync();

    /// <summary>Ends the connection. The first reason stands.</summary>
    public void End(ByeReason reason)
    {
        Interlocked.CompareExchange(ref _bye, (int)reason, (int)ByeReason.None);
        Wake();
    }

    internal void Wake() => _wake.Call();

    internal void Recheck()
    {
        Volatile.Write(ref _recheck, true);
        Wake();
    }

    internal bool TakeRecheck() => Volatile.Read(ref _recheck) && Interlocked.Exchange(ref _recheck, false);

    internal void Beat()
    {
        Volatile.Write(ref _beat, true);
        Wake();
    }

    internal bool TakeBeat() => Volatile.Read(ref _beat) && Interlocked.Exchange(ref _beat, false);

    internal bool Watches(PostId post) => Array.BinarySearch(Watched, post) >= 0;

    /// <returns>What was watched until now.</returns>
    internal PostId[] Watch(PostId[] sorted)
    {
        lock (_gate)
        {
            var before = _watched;
            Volatile.Write(ref _watched, sorted);
            // What waits to be told is among what is watched, so there is always room for it.
            var still = 0;
            foreach (var post in _changed.AsSpan(0, _changedCount))
            {
                if (Array.BinarySearch(sorted, post) >= 0) _changed![still++] = post;
            }
            Volatile.Write(ref _changedCount, still);
            return before;
        }
    }

    internal void Unwatch(PostId post)
    {
        lock (_gate) Volatile.Write(ref _watched, [.. _watched.Where(p => p != post)]);
    }

    /// <summary>The counters of a post changed, or it is watched from now on. However often that happens, it is kept once for each watched post.</summary>
    internal void Changed(PostId post)
    {
        lock (_gate)
        {
            if (!Watches(post)) return;
            _changed ??= new PostId[WatchedMax];
            if (_changedCount == _changed.Length || _changed.AsSpan(0, _changedCount).Contains(post)) return;
            _changed[_changedCount++] = post;
        }
        Wake();
    }

    internal int TakeChanged(Span<PostId> into)
    {
        if (Volatile.Read(ref _changedCount) == 0) return 0;
        lock (_gate)
        {
            var count = Math.Min(into.Length, _changedCount);
            _changed.AsSpan(_changedCount - count, count).CopyTo(into);
            _changedCount -= count;
            if (_changedCount == 0) _changed = null;
            return count;
        }
    }
}
