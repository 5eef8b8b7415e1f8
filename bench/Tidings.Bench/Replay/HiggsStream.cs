using Tidings.Bench.Load;
using Tidings.Import;
using Tidings.Posts;

namespace Tidings.Bench.Replay;

/// <summary>
/// The log as requests, in its order: one that engages with a post whose answer is still out waits for that answer, and the others go on. At most
/// <see cref="WaitingMax"/> wait.
/// </summary>
internal sealed class HiggsStream(Credentials who, HiggsEvents events, ProbeStream probe) : LoadStream(0)
{
    private const int WaitingMax = 1_024;

    private readonly Queue<Ask> _ready = new();
    private readonly Dictionary<HiggsPost, List<HiggsChange>> _waiting = [];
    private readonly Dictionary<long, HiggsPost> _publishing = [];
    private long _asks;
    private int _waitingCount, _out;
    private bool _ended;

    private readonly record struct Ask(HiggsChange Change, bool Publish);

    public bool IsDone => _ended && _ready.Count == 0 && _waitingCount == 0 && _out == 0;

    public override long DueNs(long nowNs)
    {
        while (_ready.Count == 0 && !_ended && _waitingCount < WaitingMax)
            TakeLine();
        return _ready.Count > 0 ? nowNs : long.MaxValue;
    }

    protected override void Write(Exchange connection)
    {
        var (change, publish) = _ready.Dequeue();
        _out++;
        connection.Tag = 0;
        var request = connection.Request;
        if (publish)
        {
            connection.Tag = ++_asks;
            _publishing[_asks] = change.Entry;
            request.Begin("POST /v1/posts "u8).Add(who.OnBehalfOf).Add(change.Entry.Plain.Author.Value)
                .Add("\r\nContent-Type: application/json\r\nIdempotency-Key: higgs-"u8).Add(_asks);
            Body(request, change.Text);
        }
        else if (change.Kind == ActivityKind.Retweet)
        {
            request.Begin("PUT /v1/posts/"u8).Add(change.Entry.Plain.Id.Value).Add("/share "u8).Add(who.OnBehalfOf).Add(change.Actor.Value)
                .Add("\r\nContent-Length: 0\r\n\r\n"u8);
        }
        else
        {
            request.Begin("POST /v1/posts/"u8).Add(change.Entry.Plain.Id.Value).Add("/comments "u8).Add(who.OnBehalfOf).Add(change.Actor.Value)
                .Add("\r\nContent-Type: application/json"u8);
            Body(request, "An answer.");
        }
    }

    protected override void Settle(Exchange connection, long nowNs)
    {
        _out--;
        if (connection.Tag == 0 || !_publishing.Remove(connection.Tag, out var post))
            return;
        post.Plain.Id = new PostId(connection.Id());
        probe.Published(post.Plain.Author.Value, post.Plain.Id.Value, nowNs);
        if (!_waiting.Remove(post, out var engagements))
            return;
        _waitingCount -= engagements.Count;
        foreach (var engagement in engagements)
            _ready.Enqueue(new Ask(engagement, Publish: false));
    }

    private static void Body(RequestBuffer request, string text)
    {
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"text":"{{text}}"}""");
        request.Add("\r\nContent-Length: "u8).Add(body.Length).Add("\r\n\r\n"u8).Add(body);
    }

    private void TakeLine()
    {
        if (!events.TryNext(out var change))
        {
            _ended = true;
            return;
        }
        if (change.IsNew)
            _ready.Enqueue(new Ask(change, Publish: true));
        if (change.Kind == ActivityKind.Mention)
            return;
        if (change.Entry.Plain.Id != PostId.None)
        {
            _ready.Enqueue(new Ask(change, Publish: false));
            return;
        }
        (_waiting.TryGetValue(change.Entry, out var list) ? list : _waiting[change.Entry] = []).Add(change);
        _waitingCount++;
    }
}
