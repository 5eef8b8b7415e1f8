using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

public sealed class HousekeepingTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private EmbeddedProfile _profile = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private long NowUnixMs => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync() =>
        _profile = await EmbeddedProfile.OpenAsync(EmbeddedPorts.Options(_folder.Path), _clock, null, Ct);

    public async ValueTask DisposeAsync()
    {
        await _profile.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Expired_sessions_go_and_others_stay()
    {
        for (var i = 0; i < 20; i++)
            await _profile.Credentials.AddAsync(Token.Hash($"{i}"), new Credential(KeyKind.Session, new UserId(1), "", NowUnixMs + i * 1_000), Ct);
        await _profile.Credentials.AddAsync(Token.Hash("key"), new Credential(KeyKind.Admin, default, "root", long.MaxValue), Ct);

        Assert.Equal(10, await _profile.SweepAsync(NowUnixMs + 9_500, Ct));
        Assert.Equal(0, await _profile.SweepAsync(NowUnixMs + 9_500, Ct));

        for (var i = 0; i < 20; i++)
            Assert.Equal(i >= 10, await _profile.Credentials.FindAsync(Token.Hash($"{i}"), Ct) is not null);
        Assert.Single(await _profile.Credentials.KeysAsync(Ct));
        await _profile.Credentials.RemoveAllAsync(new UserId(1), Ct);
        Assert.Null(await _profile.Credentials.FindAsync(Token.Hash("15"), Ct));
    }

    [Fact]
    public async Task Expired_keys_go_and_later_ones_still_replay()
    {
        var ada = (await _profile.People.AddAsync(new NewPerson("ada", "Ada", "", []), Ct)).Value;
        await PublishAsync(ada, "old");
        _clock.Advance(TimeSpan.FromHours(23));
        await PublishAsync(ada, "young");
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await _profile.SweepAsync(NowUnixMs, Ct));

        Assert.True((await PublishAsync(ada, "young")).Replayed);
        Assert.False((await PublishAsync(ada, "old")).Replayed);
        Assert.Equal(0, await _profile.SweepAsync(NowUnixMs, Ct));
    }

    [Fact]
    public async Task Events_beyond_retention_go_the_newest_stays_and_who_asks_for_them_is_told()
    {
        var ada = (await _profile.People.AddAsync(new NewPerson("ada", "Ada", "", []), Ct)).Value;
        for (var i = 0; i < 5; i++)
            await PublishAsync(ada, $"old {i}");
        _clock.Advance(TimeSpan.FromDays(4));
        await PublishAsync(ada, "young");
        _clock.Advance(TimeSpan.FromDays(4));
        await _profile.SweepAsync(NowUnixMs, Ct);
        await ReopenAsync();

        var events = new Event[10];
        var expired = await Assert.ThrowsAsync<EventsExpiredException>(() => _profile.Events.ReadAsync(0, events, Ct).AsTask());
        Assert.Contains("7", expired.Message, StringComparison.Ordinal);
        Assert.Equal(1, await _profile.Events.ReadAsync(6, events, Ct));

        _clock.Advance(TimeSpan.FromDays(30));
        await _profile.SweepAsync(NowUnixMs, Ct);
        await ReopenAsync();
        Assert.Equal(7, _profile.Events.End);
        await PublishAsync(ada, "new");
        Assert.Equal(2, await _profile.Events.ReadAsync(6, events, Ct));
    }

    [Fact]
    public async Task Reports_go_with_their_day_once_neither_feed_nor_log_needs_them()
    {
        var ada = (await _profile.People.AddAsync(new NewPerson("ada", "Ada", "", []), Ct)).Value;
        await _profile.SeenPosts.NoteAsync(ada, new Impression[] { new(new PostId(1), 5) }, Ct);
        var events = new Event[1];
        await _profile.Events.ReadAsync(1, events, Ct);
        for (var day = 0; day < 8; day++)
        {
            await _profile.SweepAsync(NowUnixMs, Ct);
            Assert.Single(await _profile.SeenPosts.ReportAsync(events[0], Ct));
            _clock.Advance(TimeSpan.FromDays(1));
            await _profile.SeenPosts.NoteAsync(ada, new Impression[] { new(new PostId(2), 5) }, Ct);
        }
        await _profile.SweepAsync(NowUnixMs, Ct);
        Assert.Empty(await _profile.SeenPosts.ReportAsync(events[0], Ct));
        var seen = new bool[2];
        await _profile.SeenPosts.SeenAsync(ada, new PostId[] { new(1), new(2) }, seen, Ct);
        Assert.Equal([false, true], seen);
    }

    [Fact]
    public async Task Slates_go_with_the_events_that_say_what_came_of_them()
    {
        await _profile.Slates.AppendAsync([new Slate { UnixMs = 1 }, new Slate { UnixMs = 2 }], Ct);
        _clock.Advance(TimeSpan.FromDays(4));
        await _profile.Slates.AppendAsync([new Slate { UnixMs = 3 }], Ct);
        _clock.Advance(TimeSpan.FromDays(4));
        Assert.Equal(2, await _profile.SweepAsync(NowUnixMs, Ct));
        Assert.Equal(3, (await _profile.Slates.ReadAsync(0, 10, Ct)).Single().Slate.UnixMs);
    }

    [Fact]
    public async Task Many_rows_are_swept_a_stretch_at_a_time()
    {
        var adding = Enumerable.Range(0, 12_000).Select(i =>
            _profile.Credentials.AddAsync(Token.Hash($"{i}"), new Credential(KeyKind.Session, new UserId(1), "", NowUnixMs), Ct).AsTask());
        await Task.WhenAll(adding);

        Assert.Equal(10_000, await _profile.SweepAsync(NowUnixMs, Ct));
        Assert.Equal(2_000, await _profile.SweepAsync(NowUnixMs, Ct));
        Assert.Equal(0, await _profile.SweepAsync(NowUnixMs, Ct));
    }

    private async Task ReopenAsync()
    {
        await _profile.DisposeAsync();
        _profile = await EmbeddedProfile.OpenAsync(EmbeddedPorts.Options(_folder.Path), _clock, null, Ct);
    }

    private async Task<Published> PublishAsync(UserId author, string text) => (await _profile.Posts.PublishAsync(
        new NewPost(author, PostType.Text, Audience.Public, default, new PostBody(text, [])), new IdempotencyClaim(text, new byte[32]), Ct)).Value;
}
