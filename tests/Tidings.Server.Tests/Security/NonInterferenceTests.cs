using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.Notifications;
using Xunit;

namespace Tidings.Server.Tests.Security;

/// <summary>
/// Non-interference (Goguen and Meseguer, 1982): the same life of the same people is played twice, once with things in between that the observer
/// may not know of. Whatever the observer then asks is answered byte for byte alike: bodies, statuses, headers, lengths of cursors, and the
/// same for the ids of what is hidden as for ids that nobody has.
/// </summary>
public sealed partial class NonInterferenceTests(ITestOutputHelper output)
{
    private const int Steps = 60, HiddenPerStep = 2, PagesMax = 50;

    private static readonly CancellationToken Ct = CancellationToken.None;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task What_one_may_not_know_changes_nothing_that_one_sees(int seed)
    {
        await using var plain = await Life.PlayAsync(seed, hidden: false);
        await using var full = await Life.PlayAsync(seed, hidden: true);
        Assert.True(full.Hidden.Count > 20, $"{full.Hidden.Count}");
        var asked = plain.Questions(full.Hidden).ToArray();
        var compared = 0;
        foreach (var (method, path, body) in asked)
        {
            var (one, other) = (await plain.AskAsync(method, path, body), await full.AskAsync(method, path, body));
            Assert.True(one == other, $"seed {seed}: {method} {path}\n{one}\n---\n{other}");
            compared++;
        }
        output.WriteLine($"seed {seed}: {compared} answers compared, {full.Hidden.Count} hidden posts, 0 differences");
    }

    /// <summary>The test of the test: something that the observer may know of is seen.</summary>
    [Fact]
    public async Task What_one_may_know_is_seen()
    {
        await using var one = await Life.PlayAsync(7, hidden: false);
        await using var other = await Life.PlayAsync(7, hidden: false);
        await other.PublicActAsync();
        var asked = one.Questions([]).ToArray();
        var differing = 0;
        foreach (var (method, path, body) in asked)
            differing += await one.AskAsync(method, path, body) == await other.AskAsync(method, path, body) ? 0 : 1;
        Assert.True(differing > 0);
    }

    [GeneratedRegex("\"trace_id\":\"[0-9a-f]+\"")]
    private static partial Regex Trace();

    [GeneratedRegex("\"id\":\"[0-9]+\"(?=,\"kind\")|Content-Length: [0-9]+\n")]
    private static partial Regex NotificationId();

    [GeneratedRegex("(?<=next_cursor\":\"|cursor=)[A-Za-z0-9_-]+")]
    private static partial Regex Cursor();

    /// <summary>
    /// People: an observer, a friend and an author whom the observer follows, one who blocks the observer, and three whom the observer doesn't know.
    /// </summary>
    private sealed class Life : IAsyncDisposable
    {
        private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
        private readonly List<Someone> _people = [];
        private readonly List<string> _public = [], _comments = [];
        private RunningServer _server = null!;
        private Someone _observer = null!, _friend = null!, _author = null!, _blocker = null!;
        private Someone[] _others = [];
        private string _list = "";

        /// <summary>Ids of posts that the observer may not know of.</summary>
        public List<string> Hidden { get; } = [];

        public static async Task<Life> PlayAsync(int seed, bool hidden)
        {
            var life = new Life();
            await life.BeginAsync();
            // Two sources of chance, so that what is public is the same whether or not anything hidden happens.
            var (open, secret) = (new Random(seed), new Random(seed + 1_000));
            for (var step = 0; step < Steps; step++)
            {
                life._clock.Advance(TimeSpan.FromSeconds(30));
                await life.OpenActAsync(open);
                for (var i = 0; i < HiddenPerStep; i++)
                {
                    life._clock.Advance(TimeSpan.FromSeconds(30));
                    if (hidden)
                        await life.HiddenActAsync(secret);
                }
            }
            life._clock.Advance(TimeSpan.FromMinutes(1));
            await life._server.SettledAsync();
            await RunningServer.UntilAsync(() => life._server.Get<NotificationWorker>().Position >= life._server.Get<IEventLog>().End);
            await RunningServer.UntilAsync(() => life._server.Get<PopularPosts>().Position >= life._server.Get<IEventLog>().End);
            return life;
        }

        public async ValueTask DisposeAsync() => await _server.DisposeAsync();

        public Task PublicActAsync() => _friend.Client.PublishAsync(new PublishRequest("one more"), null, Ct);

        /// <summary>All that the observer can read, about everybody and everything there is.</summary>
        public IEnumerable<(string Method, string Path, string? Body)> Questions(IEnumerable<string> hidden)
        {
            foreach (var path in new[]
            {
                "/v1/me", "/v1/feed", "/v1/feed?limit=100", "/v1/feed?order=latest", "/v1/feed?order=latest&limit=5", "/v1/popular", "/v1/me/requests/sent",
                "/v1/me/requests/received", "/v1/me/blocks", "/v1/me/mutes", "/v1/me/close-friends", "/v1/me/audiences", "/v1/affinity", "/v1/me/export",
                "/v1/notifications", "/v1/notifications?limit=3", "/v1/notifications/unread",
                $"/v1/me/audiences/{_list}/members",
            })
                yield return ("GET", path, null);
            foreach (var person in _people)
            {
                yield return ("GET", $"/v1/people/by-handle/{person.Handle}", null);
                foreach (var part in new[] { "", "/posts", "/posts?limit=3", "/followers", "/following", "/friends" })
                    yield return ("GET", $"/v1/people/{person.Id}{part}", null);
            }
            foreach (var post in _public.Concat(hidden).Append("7"))
            {
                foreach (var part in new[] { "", "/likes", "/comments" })
                    yield return ("GET", $"/v1/posts/{post}{part}", null);
            }
            foreach (var post in hidden.Append("7").Take(10))
            {
                yield return ("PUT", $"/v1/posts/{post}/like", null);
                yield return ("POST", $"/v1/posts/{post}/comments", """{"text":"x"}""");
                yield return ("DELETE", $"/v1/posts/{post}", null);
                yield return ("PATCH", $"/v1/posts/{post}", """{"text":"x"}""");
            }
            yield return ("PUT", $"/v1/me/following/{_blocker.Id}", null);
            yield return ("POST", $"/v1/people/{_blocker.Id}/views", "{}");
        }

        /// <summary>The answer, and where it is a page those that follow it.</summary>
        public async Task<string> AskAsync(string method, string path, string? body)
        {
            var all = new StringBuilder();
            for (var (pages, next) = (0, path); next is not null && pages < PagesMax; pages++)
            {
                var (text, cursor) = await AskOnceAsync(method, next, body);
                all.Append(text);
                next = cursor is null ? null : $"{path}{(path.Contains('?') ? '&' : '?')}cursor={cursor}";
            }
            return all.ToString();
        }

        private async Task<(string Text, string? Next)> AskOnceAsync(string method, string path, string? body)
        {
            using var answer = await _observer.Client.SendAsync(method, path, body);
            var text = new StringBuilder($"{(int)answer.StatusCode}\n");
            foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated).Where(h => h.Key != "Date").OrderBy(h => h.Key))
                text.Append(name).Append(": ").Append(values).Append('\n');
            var content = await answer.Content.ReadAsStringAsync();
            text.Append(content);
            // Notifications are numbered by the log of all that happens, which docs/security.md says: their numbers, and with them lengths, differ.
            if (path.StartsWith("/v1/notifications", StringComparison.Ordinal))
                text = new StringBuilder(NotificationId().Replace(text.ToString(), ""));
            // Keys and traces are random by design: of a cursor the length is compared.
            var compared = Cursor().Replace(Trace().Replace(text.ToString(), ""), c => $"<{c.Length}>");
            return (compared, Cursor().Match(content) is { Success: true } next ? next.Value : null);
        }

        private async Task BeginAsync()
        {
            _server = new RunningServer(_clock, o => o with { NoRateLimits = false, WritesPerMinute = 100_000 });
            await _server.InitializeAsync();
            foreach (var name in new[] { "observer", "friend", "author", "blocker", "ada", "ben", "cleo" })
                _people.Add(await _server.JoinAsync(name));
            (_observer, _friend, _author, _blocker, _others) = (_people[0], _people[1], _people[2], _people[3], [.. _people.Skip(4)]);
            await RunningServer.BefriendAsync(_observer, _friend);
            await RunningServer.BefriendAsync(_author, _others[0]);
            await _observer.Client.FollowAsync(_author.Id, Ct);
            await _blocker.Client.FollowAsync(_author.Id, Ct);
            await _blocker.Client.BlockAsync(_observer.Id, Ct);
            _list = (await _observer.Client.AddAudienceAsync("mine", Ct)).Id;
            await PublishAsync(_observer);
            await PublishAsync(_author);
        }

        private async Task PublishAsync(Someone author)
        {
            var post = await author.Client.PublishAsync(new PublishRequest($"public post {_public.Count}"), null, Ct);
            _public.Add(post.Id);
        }

        private async Task OpenActAsync(Random random)
        {
            var actor = random.Next(2) == 0 ? _friend : random.Next(2) == 0 ? _author : _others[random.Next(_others.Length)];
            var post = _public[random.Next(_public.Count)];
            switch (random.Next(5))
            {
                case 0: await actor.Client.LikeAsync(post, Ct); break;
                case 1: _comments.Add((await actor.Client.CommentAsync(post, "public comment", null, Ct)).Id); break;
                case 2: await _observer.Client.LikeAsync(post, Ct); break;
                default: await PublishAsync(actor); break;
            }
        }

        private async Task HiddenActAsync(Random random)
        {
            var other = _others[random.Next(_others.Length)];
            var seen = _public[random.Next(_public.Count)];
            var hidden = Hidden.Count == 0 ? null : Hidden[random.Next(Hidden.Count)];
            switch (random.Next(14))
            {
                case 0 or 1: await HideAsync(_author, Audience.Friends, null); break;
                case 2: await HideAsync(_blocker, Audience.Public, null); break;
                case 3: await HideAsync(_friend, Audience.Custom, await ListAsync(_friend)); break;
                case 4: await HideAsync(other, Audience.Friends, null); break;
                case 5 when hidden is not null: await TryAsync(_others[0].Client, "PUT", $"/v1/posts/{hidden}/like"); break;
                case 6 when hidden is not null: await TryAsync(_others[0].Client, "POST", $"/v1/posts/{hidden}/comments", """{"text":"secret comment"}"""); break;
                case 7 when hidden is not null: await TryAsync(_author.Client, "PATCH", $"/v1/posts/{hidden}", """{"text":"secret edit"}"""); break;
                case 8: await other.Client.MuteAsync(_observer.Id, Ct); break;
                case 9: await other.Client.HideAsync(seen, Ct); break;
                case 10: await TryAsync(other.Client, "POST", $"/v1/people/{_observer.Id}/views", "{}"); break;
                case 11: await TryAsync(other.Client, "PUT", $"/v1/me/friends/{_blocker.Id}"); break;
                case 12: await other.Client.AddAudienceMemberAsync(await ListAsync(other), _observer.Id, Ct); break;
                default: await other.Client.FeedAsync(null, null, null, Ct); break;
            }
        }

        private async Task HideAsync(Someone author, Audience audience, string? list) =>
            Hidden.Add((await author.Client.PublishAsync(new PublishRequest($"secret {Hidden.Count}", Audience: audience, AudienceList: list), null, Ct)).Id);

        private static async Task<string> ListAsync(Someone owner) =>
            (await owner.Client.AudiencesAsync(Ct)).Items is [var list, ..] ? list.Id : (await owner.Client.AddAudienceAsync("secret list", Ct)).Id;

        private static async Task TryAsync(TidingsClient client, string method, string path, string? body = null) =>
            Assert.InRange(await client.StatusAsync(method, path, body), 200, 499);
    }
}
