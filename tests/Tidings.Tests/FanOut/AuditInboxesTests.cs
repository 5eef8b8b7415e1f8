using CsCheck;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.FanOut;

public sealed class AuditInboxesTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Losses _losses = new();
    private SimulatedTidings _tidings = null!;
    private FanOutWorker _fanOut = null!;
    private AuditInboxes _audits = null!;
    private long _lastId;

    /// <summary>Delivers all but what it is told to lose, and knows what it lost.</summary>
    private sealed class Losses : IInboxes
    {
        public IInboxes Inboxes { get; set; } = null!;

        public Func<PostId, UserId, bool> Loses { get; set; } = (_, _) => false;

        public HashSet<(UserId Reader, PostId Post)> Lost { get; } = [];

        public ValueTask<InboxRead> ReadAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => Inboxes.ReadAsync(reader, into, ct);

        public ValueTask<InboxRead> PeekAsync(UserId reader, Memory<PostId> into, CancellationToken ct) => Inboxes.PeekAsync(reader, into, ct);

        public ValueTask<InboxTicket> OpenAsync(UserId reader, CancellationToken ct) => Inboxes.OpenAsync(reader, ct);

        public ValueTask<bool> FillAsync(UserId reader, InboxTicket ticket, ReadOnlyMemory<PostId> posts, CancellationToken ct) =>
            Inboxes.FillAsync(reader, ticket, posts, ct);

        public ValueTask<int> DeliverAsync(PostId post, ReadOnlyMemory<UserId> readers, CancellationToken ct)
        {
            var kept = readers.ToArray().Where(reader => !Loses(post, reader)).ToArray();
            Lost.UnionWith(readers.ToArray().Except(kept).Select(reader => (reader, post)));
            return Inboxes.DeliverAsync(post, kept, ct);
        }

        public ValueTask DropAsync(ReadOnlyMemory<UserId> readers, CancellationToken ct) => Inboxes.DropAsync(readers, ct);

        public ValueTask<int> RetireAsync(long seenBeforeUnixMs, CancellationToken ct) => Inboxes.RetireAsync(seenBeforeUnixMs, ct);
    }

    public async ValueTask InitializeAsync()
    {
        _tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 50);
        var p = _tidings.Profile;
        _losses.Inboxes = p.Inboxes;
        _fanOut = new FanOutWorker(p.Events, p.Graph, _losses, p.Presence, p.Modes, new FanOutPolicy { ThresholdFollowers = 50 }, _tidings.Clock, p.Events.End);
        _audits = new AuditInboxes(p.Inboxes, p.Posts, p.Graph, p.Modes, p.Presence, p.Events, _fanOut, _tidings.Clock) { Pause = TimeSpan.Zero };
    }

    public ValueTask DisposeAsync() => _tidings.DisposeAsync();

    private async Task DrainAsync()
    {
        while (await _fanOut.StepAsync(None))
        {
        }
    }

    private async Task<UserId[]> JoinAsync(string name, int count)
    {
        var people = new UserId[count];
        for (var i = 0; i < count; i++)
            people[i] = await _tidings.JoinAsync($"{name}_{i}");
        return people;
    }

    private ValueTask<Result<Tie>> FollowAsync(UserId reader, UserId author) => _tidings.ChangeTie.ExecuteAsync(reader, TieAction.Follow, author, None);

    private async Task<PostId> PostAsync(UserId author) => (await _tidings.Publish.ExecuteAsync(
        new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("hello", [])), null, None)).Value.Id;

    private async Task ReadAsync(UserId reader)
    {
        using var page = (await _tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Latest, 20, null), None)).Value;
    }

    /// <summary>Authors, and readers who follow all of them and have an inbox.</summary>
    private async Task<(UserId[] Authors, UserId[] Readers)> NetworkAsync(int authors, int readers)
    {
        var (writing, reading) = (await JoinAsync("author", authors), await JoinAsync("reader", readers));
        foreach (var reader in reading)
        {
            foreach (var author in writing)
                await FollowAsync(reader, author);
            await ReadAsync(reader);
        }
        await DrainAsync();
        return (writing, reading);
    }

    private async Task<Audit> AuditAsync(IReadOnlyList<UserId> readers, bool repair = false)
    {
        var audit = new Audit(++_lastId, readers, repair, _tidings.Now);
        await _audits.RunAsync(audit, None);
        Assert.Equal(AuditState.Done, audit.State);
        Assert.Equal(readers.Count, audit.Figures.Looked);
        return audit;
    }

    [Fact]
    public async Task Inboxes_lack_nothing_after_an_ordinary_day()
    {
        var (authors, readers) = await NetworkAsync(authors: 5, readers: 20);
        for (var i = 0; i < 12; i++)
            await PostAsync(authors[i % 5]);
        await DrainAsync();
        var found = (await AuditAsync(readers)).Figures;
        Assert.Equal((20, 240, 0, 1.0), (found.Compared, found.Present, found.Missing, found.Completeness));
        Assert.Equal((default, 0), (found.Extra, found.Rechecked));
        Assert.Empty(found.Incomplete);
    }

    [Fact]
    public async Task Every_delivery_that_was_lost_is_found_and_the_next_read_after_a_repair_has_it()
    {
        var (authors, readers) = await NetworkAsync(authors: 4, readers: 12);
        await Gen.Select(Gen.Int[0, 100], Gen.UInt).SampleAsync(async (percent, seed) =>
        {
            var random = new Random((int)seed);
            _losses.Lost.Clear();
            _losses.Loses = (_, _) => random.Next(100) < percent;
            for (var i = 0; i < 10; i++)
                await PostAsync(authors[random.Next(authors.Length)]);
            await DrainAsync();

            var audit = await AuditAsync(readers);
            Assert.Equal(_losses.Lost.Count, audit.Figures.Missing);
            Assert.Equal(audit.Figures.Present + _losses.Lost.Count, audit.Figures.Expected);
            Assert.Equal(
                _losses.Lost.GroupBy(lost => lost.Reader).Select(of => (of.Key, of.Count(), string.Join(' ', of.Select(lost => lost.Post.Value).OrderDescending().Take(5)))).Order(),
                audit.Figures.Incomplete.Select(of => (of.Reader, of.Missing, string.Join(' ', of.Examples.Select(post => post.Value)))).Order());
            Assert.All(audit.Figures.Incomplete, reader => Assert.False(reader.Repaired));

            await _audits.RepairAsync(audit, None);
            Assert.All(audit.Figures.Incomplete, reader => Assert.True(reader.Repaired));
            Assert.Equal(readers.Length - audit.Figures.Incomplete.Count, (await AuditAsync(readers)).Figures.Compared);
            foreach (var reader in readers)
                await ReadAsync(reader);
            var mended = (await AuditAsync(readers)).Figures;
            Assert.Equal((readers.Length, 0, 1.0), (mended.Compared, mended.Missing, mended.Completeness));
        }, iter: 12, threads: 1);
    }

    [Fact]
    public async Task An_audit_that_repairs_drops_what_is_incomplete_and_nothing_else()
    {
        var (authors, readers) = await NetworkAsync(authors: 1, readers: 3);
        _losses.Loses = (_, reader) => reader == readers[1];
        var post = await PostAsync(authors[0]);
        await DrainAsync();
        var found = (await AuditAsync(readers, repair: true)).Figures;
        Assert.Equal(readers[1], Assert.Single(found.Incomplete).Reader);
        Assert.Equal([post], found.Incomplete[0].Examples);
        Assert.True(found.Incomplete[0].Repaired);
        Assert.Equal(2, (await AuditAsync(readers)).Figures.Compared);
    }

    [Fact]
    public async Task What_is_on_its_way_is_waited_for_and_not_missing()
    {
        var (authors, readers) = await NetworkAsync(authors: 2, readers: 3);
        await PostAsync(authors[0]);
        await DrainAsync();
        await PostAsync(authors[1]);

        var audit = new Audit(1, readers, true, _tidings.Now);
        var running = _audits.RunAsync(audit, None);
        Assert.False(running.IsCompleted);
        Assert.Equal(AuditState.Running, audit.State);
        await DrainAsync();
        await running;
        Assert.Equal((6, 0, 3, 1.0), (audit.Figures.Present, audit.Figures.Missing, audit.Figures.Rechecked, audit.Figures.Completeness));
        Assert.Empty(audit.Figures.Incomplete);
    }

    [Fact]
    public async Task What_happened_to_a_reader_meanwhile_is_no_loss()
    {
        var (authors, readers) = await NetworkAsync(authors: 2, readers: 4);
        var post = await PostAsync(authors[0]);
        var audit = new Audit(1, readers, false, _tidings.Now);
        var running = _audits.RunAsync(audit, None);
        _losses.Loses = (_, _) => true;
        await _tidings.ChangeTie.ExecuteAsync(readers[0], TieAction.Unfollow, authors[0], None);
        await FollowAsync(readers[1], readers[0]);
        await DrainAsync();
        await running;
        // The inboxes of the first two were dropped when they followed others than before; the others lack the post indeed.
        Assert.Equal([readers[2], readers[3]], audit.Figures.Incomplete.Select(reader => reader.Reader));
        await _tidings.Profile.Posts.DeleteAsync(post, authors[0], null, None);
        Assert.Empty((await AuditAsync(readers)).Figures.Incomplete);
    }

    [Fact]
    public async Task What_an_inbox_has_too_much_is_counted_by_why()
    {
        var (authors, readers) = await NetworkAsync(authors: 4, readers: 1);
        foreach (var author in authors)
            await PostAsync(author);
        var deleted = await PostAsync(authors[0]);
        await DrainAsync();
        await _tidings.Profile.Posts.DeleteAsync(deleted, authors[0], null, None);
        // Past the use case, which drops the inbox: as if a delivery came late.
        await _tidings.Profile.Graph.ChangeAsync(readers[0], TieAction.Unfollow, authors[1], None);
        await _tidings.Profile.Modes.SetAsync(authors[2], FanOutMode.Pull, None);

        var found = (await AuditAsync(readers)).Figures;
        Assert.Equal((1, 1, 0), (found.Extra.Unfollowed, found.Extra.Pulled, found.Extra.Unexplained));
        Assert.Equal((0, 1.0), (found.Missing, found.Completeness));
    }

    [Fact]
    public async Task An_author_who_is_draining_is_pulled_so_nothing_of_theirs_is_missing()
    {
        var (authors, readers) = await NetworkAsync(authors: 1, readers: 1);
        _losses.Loses = (_, _) => true;
        await PostAsync(authors[0]);
        await DrainAsync();
        await _tidings.Profile.Modes.SetAsync(authors[0], FanOutMode.Draining, None);
        Assert.Equal(0, (await AuditAsync(readers)).Figures.Missing);
        await _tidings.Profile.Modes.SetAsync(authors[0], FanOutMode.Push, None);
        Assert.Equal(1, (await AuditAsync(readers)).Figures.Missing);
    }

    [Fact]
    public async Task A_full_inbox_is_compared_down_to_its_oldest_entry()
    {
        var (authors, readers) = await NetworkAsync(authors: 2, readers: 1);
        var posts = new List<PostId>();
        for (var i = 0; i < IInboxes.CapEntries + 300; i++)
        {
            posts.Add(await PostAsync(authors[i % 2]));
            var at = i;
            _losses.Loses = (_, _) => at is 100 or IInboxes.CapEntries;
            await DrainAsync();
        }
        var found = (await AuditAsync(readers)).Figures;
        // Of the newest thousand it lacks one; what it has instead is older than they are.
        Assert.Equal((IInboxes.CapEntries - 1, 0), (found.Present, found.Extra.Unexplained));
        Assert.Equal([posts[IInboxes.CapEntries]], Assert.Single(found.Incomplete).Examples);
    }

    [Fact]
    public async Task Nobody_notices_an_audit()
    {
        var (authors, readers) = await NetworkAsync(authors: 1, readers: 1);
        var stranger = (await JoinAsync("stranger", 1))[0];
        await FollowAsync(stranger, authors[0]);
        _tidings.Clock.Advance(TimeSpan.FromDays(15));
        await PostAsync(authors[0]);
        await DrainAsync();
        Assert.Equal(0, (await AuditAsync([readers[0], stranger])).Figures.Compared);
        var presence = new Presence[2];
        await _tidings.Profile.Presence.ClassifyAsync(new[] { readers[0], stranger }, presence, default);
        Assert.Equal([Presence.Dormant, Presence.Dormant], presence);
    }

    [Fact]
    public async Task A_cancelled_audit_ends_where_it_is()
    {
        var (authors, readers) = await NetworkAsync(authors: 1, readers: 2);
        await PostAsync(authors[0]);
        var audit = new Audit(1, readers, false, _tidings.Now);
        using var ends = new CancellationTokenSource();
        var running = _audits.RunAsync(audit, ends.Token);
        Assert.False(running.IsCompleted);
        await ends.CancelAsync();
        await running;
        Assert.Equal((AuditState.Cancelled, 2), (audit.State, audit.Figures.Looked));
        Assert.Equal(_tidings.Now, audit.EndedUnixMs);
    }

    [Fact]
    public async Task Readers_are_drawn_from_those_who_were_here_lately_each_as_likely_as_any_other()
    {
        var people = await JoinAsync("person", 60);
        foreach (var person in people.Take(40))
            await ReadAsync(person);
        Assert.Equal(people.Take(40), await _audits.DrawAsync(100, seed: 1, default));

        var times = new int[60];
        for (var seed = 0UL; seed < 2_000; seed++)
        {
            var drawn = await _audits.DrawAsync(10, seed, default);
            Assert.Equal(10, drawn.Distinct().Count());
            foreach (var reader in drawn)
                times[Array.IndexOf(people, reader)]++;
        }
        // 500 each, with a standard deviation of 19.
        Assert.All(times.Take(40), count => Assert.InRange(count, 390, 610));
        Assert.All(times.Skip(40), count => Assert.Equal(0, count));
    }
}
