using System.Runtime.InteropServices;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>
/// Who watches which post. A change of a post's counters is told at once, further ones not before <see cref="IntervalMs"/> have passed: at most
/// twice a second for each post, however many like it. What is told is which post changed; the numbers are read when they leave. Whoever
/// begins to watch a post is told at once: what changed between reading it and watching it would be missed otherwise.
/// </summary>
public sealed class LiveCounters(TimeProvider clock)
{
    public const int IntervalMs = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<PostId, WatchedPost> _posts = [];
    private readonly List<PostId> _pending = [];
    private readonly List<PostId> _due = [];

    /// <summary>Posts that somebody watches.</summary>
    public int Posts
    {
        get
        {
            lock (_gate) return _posts.Count;
        }
    }

    /// <summary>The counters of a post changed.</summary>
    public void Changed(PostId post)
    {
        lock (_gate)
        {
            if (!_posts.TryGetValue(post, out var watched) || watched.IsPending) return;
            var now = clock.GetTimestamp();
            if (IsDue(watched, now))
            {
                Tell(post, watched, now);
                return;
            }
            watched.IsPending = true;
            _pending.Add(post);
        }
    }

    /// <summary>Tells what has waited long enough. Call it several times in each interval.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            if (_pending.Count == 0) return;
            var now = clock.GetTimestamp();
            _due.AddRange(_pending);
            _pending.Clear();
            foreach (var post in _due)
            {
                if (!_posts.TryGetValue(post, out var watched)) continue;
                if (IsDue(watched, now))
                    Tell(post, watched, now);
                else
                    _pending.Add(post);
            }
            _due.Clear();
        }
    }

    internal void Watch(LiveConnection connection, PostId[] before, PostId[] after)
    {
        lock (_gate)
        {
            foreach (var post in before)
            {
                if (Array.BinarySearch(after, post) < 0) Remove(post, connection);
            }
            foreach (var post in after)
            {
                if (Array.BinarySearch(before, post) >= 0) continue;
                ref var watched = ref CollectionsMarshal.GetValueRefOrAddDefault(_posts, post, out _);
                watched ??= new WatchedPost();
                watched.By.Add(connection);
                connection.Changed(post);
            }
        }
    }

    internal void Unwatch(LiveConnection connection, PostId post)
    {
        lock (_gate) Remove(post, connection);
    }

    private void Remove(PostId post, LiveConnection connection)
    {
        if (_posts.TryGetValue(post, out var watched) && watched.By.Remove(connection) && watched.By.Count == 0)
            _posts.Remove(post);
    }

    private bool IsDue(WatchedPost watched, long now) =>
        watched.ToldAt is not { } told || clock.GetElapsedTime(told, now).TotalMilliseconds >= IntervalMs;

    private static void Tell(PostId post, WatchedPost watched, long now)
    {
        watched.IsPending = false;
        watched.ToldAt = now;
        foreach (var connection in watched.By)
            connection.Changed(post);
    }

    private sealed class WatchedPost
    {
        public List<LiveConnection> By { get; } = new(1);
        public long? ToldAt { get; set; }
        public bool IsPending { get; set; }
    }
}
