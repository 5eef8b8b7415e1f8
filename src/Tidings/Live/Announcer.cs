using Tidings.Events;
using Tidings.FanOut;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>
/// Tells the readers who are here what fan-out has brought: a pushed post to those of the slice who are connected; a pulled author's post, an
/// edit, a deletion to all those connected who follow the author or have the post on a screen, looked through slice by slice, so that it
/// costs the same however many followers there are. One caller at a time.
/// </summary>
public sealed class Announcer(LiveReaders readers, LiveSight sight) : IAnnouncer
{
    private readonly LiveReader[] _slice = new LiveReader[FanOutWorker.SliceReaders];
    private readonly PostId[] _post = new PostId[1];
    private readonly PostHeader[] _header = new PostHeader[1];

    public bool IsHeard => readers.Count > 0;

    public async ValueTask DeliveredAsync(Event cause, ReadOnlyMemory<UserId> to, CancellationToken ct)
    {
        var here = 0;
        for (var i = 0; i < to.Length; i++)
        {
            if (readers.Find(to.Span[i]) is { } reader)
                _slice[here++] = reader;
        }
        await TellAsync(cause, here, ct);
    }

    public async ValueTask<int> RelayAsync(Event cause, int from, CancellationToken ct)
    {
        var next = readers.Walk(from, _slice, out var here);
        await TellAsync(cause, here, ct);
        return next;
    }

    private async ValueTask TellAsync(Event cause, int count, CancellationToken ct)
    {
        if (count == 0) return;
        _post[0] = cause.Post;
        await sight.HeadersAsync(_post, _header, ct);
        var kind = KindOf(cause.Kind);
        var told = 0;
        for (var i = 0; i < count; i++)
        {
            var reader = _slice[i];
            // Authors know what they posted.
            if (kind == LiveKind.Posted && reader.Person == cause.Actor) continue;
            var decided = await sight.DecideAsync(kind, reader.Person, _header[0], reader.Watches(cause.Post), ct);
            if (decided == FrameKind.Skip) continue;
            reader.Tell(new LiveEvent((LiveKind)decided, cause.Post, cause.Actor, 0));
            told++;
        }
        Array.Clear(_slice, 0, count);
        if (told > 0) LiveTelemetry.Told.Add(told);
    }

    private static LiveKind KindOf(EventKind kind) => kind switch
    {
        EventKind.PostPublished => LiveKind.Posted,
        EventKind.PostEdited => LiveKind.Edited,
        EventKind.PostDeleted => LiveKind.Gone,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only what happens to a post is announced."),
    };
}
