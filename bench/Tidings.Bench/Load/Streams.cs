using System.Text;

namespace Tidings.Bench.Load;

/// <summary>Says who asks: a service key, acting for the person whose id follows.</summary>
internal sealed class Credentials(string key)
{
    public string Key => key;

    public byte[] OnBehalfOf { get; } = Encoding.ASCII.GetBytes($"HTTP/1.1\r\nHost: tidings\r\nAuthorization: Bearer {key}\r\nOn-Behalf-Of: ");
}

/// <summary>Top pages of 20 for people at random.</summary>
internal sealed class FeedStream(Credentials who, bool ranked, int people, Random random, double ratePerSecond) : LoadStream(ratePerSecond)
{
    protected override void Write(Exchange connection) => connection.Request
        .Begin(ranked ? "GET /v1/feed "u8 : "GET /v1/feed?order=latest "u8).Add(who.OnBehalfOf).Add(1 + random.Next(people)).Add("\r\n\r\n"u8);
}

/// <summary>All these people read once, so that they have an inbox.</summary>
internal sealed class FirstReads(Credentials who, IReadOnlyList<int> people) : LoadStream(0)
{
    private int _next;

    public bool IsDone => _next >= people.Count;

    public override long DueNs(long nowNs) => IsDone ? long.MaxValue : nowNs;

    protected override void Write(Exchange connection) =>
        connection.Request.Begin("GET /v1/feed "u8).Add(who.OnBehalfOf).Add(people[_next++]).Add("\r\n\r\n"u8);
}

/// <summary>Posts of 1 KB by people at random, each with an idempotency key of its own.</summary>
internal class PostStream(Credentials who, int people, Random random, double ratePerSecond, Action<long, long, long>? published = null)
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

    protected override void Settle(Exchange connection, long nowNs) => published?.Invoke(connection.Tag, connection.Id(), nowNs);
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
