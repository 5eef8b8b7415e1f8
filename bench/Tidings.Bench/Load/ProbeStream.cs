using HdrHistogram;
using Tidings.Bench.Measuring;

namespace Tidings.Bench.Load;

/// <summary>
/// How long a post takes to be seen: of the posts that are answered some are picked; a follower's newest page is then read again and again until
/// the post is on it. The time runs from the post's answer to the answer that shows it, so the read itself is in it. A post that isn't there after
/// ten seconds is missed.
/// </summary>
/// <param name="followersOf">The followers of a person, all of whom have an inbox: a read must not find the post by a rebuild.</param>
internal sealed class ProbeStream(Credentials who, Func<long, ReadOnlyMemory<int>> followersOf, Random random, int atOnceMax, int pagePosts)
    : LoadStream(0)
{
    private const long MissedNs = 10_000_000_000;

    private readonly Queue<Probe> _ready = new();
    private readonly Dictionary<long, Probe> _asked = [];
    private int _open;

    public LongHistogram PropagationNs { get; } = new(60_000_000_000, 3);

    public long SeenAtFirstRead { get; private set; }

    public long Missed { get; private set; }

    public bool IsDone => _open == 0;

    private long _reads;

    public void Published(long author, long post, long nowNs)
    {
        if (_open >= atOnceMax || post == 0)
            return;
        var followers = followersOf(author).Span;
        if (followers.Length == 0)
            return;
        _open++;
        _ready.Enqueue(new Probe(post, followers[random.Next(followers.Length)], nowNs, 0));
    }

    public void Report(Report report)
    {
        report.Add("probes", PropagationNs.TotalCount, "");
        report.Add("from a post's answer to a follower's page with it, p50", PropagationNs.GetValueAtPercentile(50) / 1e6, "ms");
        report.Add("from a post's answer to a follower's page with it, p99", PropagationNs.GetValueAtPercentile(99) / 1e6, "ms", atMost: 10);
        report.Add("probes for which the first read had the post", 100.0 * SeenAtFirstRead / PropagationNs.TotalCount, "%");
        report.Add("probes that missed it for ten seconds", Missed, "");
    }

    public override long DueNs(long nowNs) => _ready.Count > 0 ? nowNs : long.MaxValue;

    protected override void Write(Exchange connection)
    {
        var probe = _ready.Dequeue();
        connection.Tag = ++_reads;
        _asked[_reads] = probe with { Tries = probe.Tries + 1 };
        connection.Request.Begin("GET /v1/feed?order=latest&limit="u8).Add(pagePosts).Add(" "u8).Add(who.OnBehalfOf).Add(probe.Reader)
            .Add("\r\n\r\n"u8);
    }

    protected override void Settle(Exchange connection, long nowNs)
    {
        _asked.Remove(connection.Tag, out var probe);
        var seen = connection.Names(probe.Post);
        if (!seen && nowNs - probe.AnsweredNs < MissedNs)
        {
            _ready.Enqueue(probe);
            return;
        }
        _open--;
        PropagationNs.RecordValue(Math.Clamp(nowNs - probe.AnsweredNs, 1, MissedNs));
        if (!seen)
            Missed++;
        else if (probe.Tries == 1)
            SeenAtFirstRead++;
    }

    private readonly record struct Probe(long Post, int Reader, long AnsweredNs, int Tries);
}
