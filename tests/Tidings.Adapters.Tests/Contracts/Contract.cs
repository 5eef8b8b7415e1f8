using Microsoft.Extensions.Time.Testing;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

/// <summary>What every suite needs: the ports of the adapter under test, a clock that stands still until a test moves it, and people.</summary>
public abstract class Contract : IAsyncLifetime
{
    private int _people;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    protected Ports Ports { get; private set; } = null!;

    protected long NowUnixMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    protected abstract ValueTask<Ports> OpenAsync(TimeProvider clock);

    public async ValueTask InitializeAsync() => Ports = await OpenAsync(Clock);

    public async ValueTask DisposeAsync()
    {
        await Ports.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<UserId> JoinAsync() => await JoinAsync($"person_{++_people}");

    protected async Task<UserId> JoinAsync(string handle) =>
        (await Ports.People.AddAsync(new NewPerson(handle, $"Name of {handle}", "", []), Ct)).Value;

    protected async Task<UserId[]> JoinManyAsync(int count)
    {
        var joining = Enumerable.Range(0, count).Select(_ => JoinAsync()).ToArray();
        var joined = await Task.WhenAll(joining);
        Array.Sort(joined);
        return joined;
    }

    protected async Task<PostId> PublishAsync(UserId author, string text = "hello") =>
        (await Ports.Posts.PublishAsync(TextOf(author, text), null, Ct)).Value.Id;

    protected async Task<PostHeader> HeaderAsync(PostId post)
    {
        var into = new PostHeader[1];
        await Ports.Posts.HeadersAsync(new[] { post }, into, Ct);
        return into[0];
    }

    protected async Task<PostBody?> BodyAsync(PostId post)
    {
        var into = new PostBody?[1];
        await Ports.Posts.BodiesAsync(new[] { post }, into, Ct);
        return into[0];
    }

    protected static NewPost TextOf(UserId author, string text) =>
        new(author, PostType.Text, Audience.Public, default, new PostBody(text, []));

    protected static IdempotencyClaim Claim(string key, byte fingerprint = 1) => new(key, Enumerable.Repeat(fingerprint, 32).ToArray());

    /// <summary>Runs all of them at once on the thread pool.</summary>
    protected static Task<T[]> RaceAsync<T>(int count, Func<int, Task<T>> one) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => one(i), Ct)));

    protected async Task<Tie> DoAsync(UserId actor, TieAction action, UserId other) =>
        (await Ports.Graph.ChangeAsync(actor, action, other, Ct)).Value.After;

    protected async Task BefriendAsync(UserId a, UserId b)
    {
        await DoAsync(a, TieAction.RequestFriend, b);
        await DoAsync(b, TieAction.AcceptFriend, a);
    }
}
