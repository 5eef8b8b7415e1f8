using System.Collections.Concurrent;
using Tidings.FanOut;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>
/// Takes out what a connection is to be told. Every frame is decided when it leaves: by the post as it is now, by what is between the reader and
/// the author now, and not without valid credentials. So a block, a mute, a narrower audience holds for what was waiting, too.
/// </summary>
public sealed class LiveRelay(
    LiveReaders readers, LiveCounters counters, LiveSight sight, IPeopleStore people, ICredentialStore credentials, IPresence presence,
    TimeProvider clock)
{
    private const int SpareMax = 64;

    private readonly ConcurrentBag<LiveBatch> _spare = [];

    /// <summary>Opens a connection. The reader counts as online from here on.</summary>
    /// <inheritdoc cref="LiveReaders.Open"/>
    public Result<LiveConnection> Open(UserId person, TokenHash token, long expiresUnixMs, long? resumeAfter)
    {
        presence.Seen(person);
        return readers.Open(person, token, expiresUnixMs, resumeAfter);
    }

    public void Close(LiveConnection connection)
    {
        counters.Watch(connection, connection.Watch([]), []);
        readers.Close(connection);
    }

    public LiveBatch Rent() => _spare.TryTake(out var batch) ? batch : new LiveBatch();

    public void Return(LiveBatch batch)
    {
        if (_spare.Count < SpareMax) _spare.Add(batch);
    }

    /// <summary>Replaces what the connection watches. What the reader may not see comes back as <see cref="FrameKind.Lost"/>, and so does what
    /// isn't there.</summary>
    /// <param name="posts">At most <see cref="LiveConnection.WatchedMax"/>.</param>
    public void Watch(LiveConnection connection, IReadOnlyCollection<PostId> posts)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(posts.Count, LiveConnection.WatchedMax);
        PostId[] sorted = [.. posts.Distinct().Order()];
        counters.Watch(connection, connection.Watch(sorted), sorted);
        connection.Recheck();
    }

    /// <summary>Fills the batch with what is next. For one caller at a time.</summary>
    /// <returns>How many frames; 0 where there is nothing now, and after <see cref="FrameKind.Bye"/> always.</returns>
    public async ValueTask<int> TakeAsync(LiveConnection connection, LiveBatch batch, CancellationToken ct)
    {
        batch.Count = 0;
        if (connection.IsOver)
            return 0;
        if (!connection.IsGreeted)
        {
            connection.IsGreeted = true;
            batch.Add(new LiveFrame(connection.After, FrameKind.Hello, connection.IsResumed ? 1 : 0));
        }
        if (connection.TakeRecheck())
            await RecheckAsync(connection, batch, ct);
        if (clock.GetUtcNow().ToUnixTimeMilliseconds() >= connection.ExpiresUnixMs)
            connection.End(ByeReason.Expired);
        if (connection.Bye is not ByeReason.None and var reason)
        {
            connection.IsOver = true;
            if (reason != ByeReason.Left)
                batch.Add(new LiveFrame(connection.After, FrameKind.Bye, default, connection.Person, default, (int)reason));
            return batch.Count;
        }
        await TakeEventsAsync(connection, batch, ct);
        await TakeCountersAsync(connection, batch, ct);
        if (connection.TakeBeat() && batch.Count == 0)
            batch.Add(new LiveFrame(connection.After, FrameKind.Beat));
        return batch.Count;
    }

    private async ValueTask RecheckAsync(LiveConnection connection, LiveBatch batch, CancellationToken ct)
    {
        var known = connection.Token == default || await credentials.FindAsync(connection.Token, ct) is not null;
        if (!known || !await people.ExistsAsync(connection.Person, ct))
        {
            connection.End(ByeReason.SignedOut);
            return;
        }
        foreach (var chunk in connection.Watched.Chunk(LiveBatch.FramesMax))
        {
            await sight.HeadersAsync(chunk, batch.Headers, ct);
            for (var i = 0; i < chunk.Length; i++)
            {
                if (await sight.CanSeeAsync(connection.Person, batch.Headers[i], ct)) continue;
                if (batch.Room == 2)
                {
                    connection.Recheck();
                    return;
                }
                Lose(connection, batch, chunk[i]);
            }
        }
    }

    private async ValueTask TakeEventsAsync(LiveConnection connection, LiveBatch batch, CancellationToken ct)
    {
        var after = connection.After;
        var count = connection.Reader.Read(ref after, batch.Events.AsSpan(0, batch.Room - 1));
        if (count < 0)
        {
            connection.After = after;
            connection.IsBehind = true;
        }
        if (connection.IsBehind)
        {
            connection.IsBehind = false;
            LiveTelemetry.Resyncs.Add(1);
            batch.Add(new LiveFrame(connection.After, FrameKind.Resync));
        }
        if (count <= 0) return;

        for (var i = 0; i < count; i++)
            batch.Posts[i] = batch.Events[i].Post;
        await sight.HeadersAsync(batch.Posts.AsMemory(0, count), batch.Headers, ct);
        for (var i = 0; i < count; i++)
        {
            var e = batch.Events[i];
            var watched = connection.Watches(e.Post);
            var kind = await sight.DecideAsync(e.Kind, connection.Person, batch.Headers[i], watched, ct);
            batch.Add(kind == FrameKind.Skip
                ? new LiveFrame(++connection.After, kind)
                : new LiveFrame(++connection.After, kind, e.Post, e.Author, default, e.Unread));
            if (watched && kind == FrameKind.Gone)
                Forget(connection, e.Post);
        }
    }

    private async ValueTask TakeCountersAsync(LiveConnection connection, LiveBatch batch, CancellationToken ct)
    {
        var count = connection.TakeChanged(batch.Posts.AsSpan(0, batch.Room));
        if (count == 0) return;
        await sight.HeadersAsync(batch.Posts.AsMemory(0, count), batch.Headers, ct);
        for (var i = 0; i < count; i++)
        {
            var post = batch.Posts[i];
            if (!connection.Watches(post)) continue;
            if (await sight.CanSeeAsync(connection.Person, batch.Headers[i], ct))
                batch.Add(new LiveFrame(connection.After, FrameKind.Counters, post, default, batch.Headers[i].Counts, 0));
            else
                Lose(connection, batch, post);
        }
    }

    private void Lose(LiveConnection connection, LiveBatch batch, PostId post)
    {
        Forget(connection, post);
        batch.Add(new LiveFrame(connection.After, FrameKind.Lost, post, default, default, 0));
    }

    private void Forget(LiveConnection connection, PostId post)
    {
        connection.Unwatch(post);
        counters.Unwatch(connection, post);
    }
}
