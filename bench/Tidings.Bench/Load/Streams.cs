using System.Text;
using HdrHistogram;

namespace Tidings.Bench.Load;

/// <summary>Says who asks: a service key, acting for the person whose id follows.</summary>
internal sealed class Credentials(string key)
{
    public byte[] OnBehalfOf { get; } = Encoding.ASCII.GetBytes($"HTTP/1.1\r\nHost: tidings\r\nAuthorization: Bearer {key}\r\nOn-Behalf-Of: ");
}

/// <summary>Top pages of 20 for people at random.</summary>
internal sealed class FeedStream(Credentials who, bool ranked, int people, Random random, double ratePerSecond) : LoadStream(ratePerSecond)
{
    protected override void Write(Exchange connection) => connection.Request
        .Begin(ranked ? "GET /v1/feed "u8 : "GET /v1/feed?order=latest "u8).Add(who.OnBehalfOf).Add(1 + random.Next(people)).Add("\r\n\r\n"u8);
}

/// <summary>Everyone reads once, so that everyone has an inbox.</summary>
internal sealed class FirstReads(Credentials who, int people) : LoadStream(0)
{
    private int _next;

    public bool IsDone => _next >= people;

    public override long DueNs(long nowNs) => IsDone ? long.MaxValue : nowNs;

    protected override void Write(Exchange connection) =>
        connection.Request.Begin("GET /v1/feed "u8).Add(who.OnBehalfOf).Add(++_next).Add("\r\n\r\n"u8);
}

/// <summary>Posts of 1 KB by people at random, each with an idempotency key of its own.</summary>
internal sealed class PostStream(Credentials who, int people, Random random, double ratePerSecond, Action<long, long, long>? published = null)
    : LoadStream(ratePerSecond)
{
    public const int BodyBytes = 1_024;

    private static readonly byte[] Body = Encoding.ASCII.GetBytes($$"""{"text":"{{new string('t', BodyBytes - 11)}}"}""");
    private static long _keys;

    protected override void Write(Exchange connection)
    {
        connection.Tag = 1 + random.Next(people);
        connection.Request.Begin("POST /v1/posts "u8).Add(who.OnBehalfOf).Add(connection.Tag)
            .Add("\r\nContent-Type: application/json\r\nIdempotency-Key: load-"u8).Add(Interlocked.Increment(ref _keys))
            .Add("\r\nContent-Length: "u8).Add(Body.Length).Add("\r\n\r\n"u8).Add(Body);
    }

    protected override void Accept(Exchange connection, long nowNs) => published?.Invoke(connection.Tag, connection.Id(), nowNs);
}

/// <summary>The ceiling's share: the same connections and the same size of request and answer.</summary>
internal sealed class CeilingStream(Credentials who, bool post, double ratePerSecond) : LoadStream(ratePerSecond)
{
    private static readonly byte[] Body = [.. Enumerable.Repeat((byte)'t', PostStream.BodyBytes)];

    protected override void Write(Exchange connection)
    {
        if (post)
        {
            connection.Request.Begin("POST /v1/posts "u8).Add(who.OnBehalfOf).Add(1_234)
                .Add("\r\nContent-Type: application/json\r\nIdempotency-Key: load-123456\r\nContent-Length: "u8).Add(Body.Length).Add("\r\n\r\n"u8).Add(Body);
        }
        else
        {
            connection.Request.Begin("GET /v1/feed "u8).Add(who.OnBehalfOf).Add(1_234).Add("\r\n\r\n"u8);
        }
    }
}

/// <summary>
/// How long a post takes to be seen: of the posts that are answered some are picked; a follower's newest page is then read again and again until
/// the post is on it. The time runs from the post's answer to the answer that shows it, so the read itself is in it.
/// </summary>
/// <param name="followersOf">The followers of a person.</param>
internal sealed class ProbeStream(Credentials who, Func<long, ReadOnlyMemory<int>> followersOf, Random random, int atOnceMax) : LoadStream(0)
{
    private readonly Queue<Probe> _ready = new();
    private readonly Dictionary<long, Probe> _asked = [];
    private int _open;

    public LongHistogram PropagationNs { get; } = new(60_000_000_000, 3);

    public long SeenAtFirstRead { get; private set; }

    public long Reads { get; private set; }

    public void Published(long author, long post, long nowNs)
    {
        var followers = followersOf(author).Span;
        if (_open >= atOnceMax || followers.Length == 0 || post == 0)
            return;
        _open++;
        _ready.Enqueue(new Probe(post, followers[random.Next(followers.Length)], nowNs, 0));
    }

    public override long DueNs(long nowNs) => _ready.Count > 0 ? nowNs : long.MaxValue;

    protected override void Write(Exchange connection)
    {
        var probe = _ready.Dequeue();
        Reads++;
        connection.Tag = Reads;
        _asked[Reads] = probe with { Tries = probe.Tries + 1 };
        connection.Request.Begin("GET /v1/feed?order=latest "u8).Add(who.OnBehalfOf).Add(probe.Reader).Add("\r\n\r\n"u8);
    }

    protected override void Accept(Exchange connection, long nowNs)
    {
        _asked.Remove(connection.Tag, out var probe);
        if (!connection.Names(probe.Post))
        {
            _ready.Enqueue(probe);
            return;
        }
        _open--;
        PropagationNs.RecordValue(Math.Max(1, nowNs - probe.AnsweredNs));
        if (probe.Tries == 1)
            SeenAtFirstRead++;
    }

    private readonly record struct Probe(long Post, int Reader, long AnsweredNs, int Tries);
}
