using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded;
using Tidings.Graph;
using Tidings.Posts;
using Tidings.Server.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Simulation;

public sealed class StoppedServerSimulationTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset From = Now.AddDays(-2);

    private readonly SimulatedNetwork _network = new(new SimulationOptions { People = 150, PostsPerDay = 2 });
    private readonly FakeTimeProvider _real = new(Now);
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_simulated_is_there_when_the_record_is_opened_again()
    {
        var counts = await SimulateAsync();
        var actions = _network.Actions(From.ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds()).ToList();
        await using var profile = await _folder.OpenAsync(_real, CancellationToken.None);

        Assert.Equal(0, counts.Refused);
        Assert.Equal(actions.Count, counts.Actions);
        var headers = await HeadersAsync(profile);
        Assert.Equal(actions.Count(a => a.Kind == ActionKind.Post), headers.Length);
        Assert.Equal(actions.Count(a => a.Kind == ActionKind.Like), headers.Sum(h => h.Counts.Likes));
        Assert.Equal(actions.Count(a => a.Kind == ActionKind.Comment), headers.Sum(h => h.Counts.Comments));
        Assert.Equal(actions.Count(a => a.Kind == ActionKind.Share), headers.Sum(h => h.Counts.Shares));
        Assert.Equal(await ReactionsByPostAsync(profile), actions.Where(a => a.Kind == ActionKind.Post).Select(post => (
            actions.Count(a => a.Post == post.Post && a.Kind == ActionKind.Like), actions.Count(a => a.Post == post.Post && a.Kind == ActionKind.Comment))).Order());
    }

    [Fact]
    public async Task People_and_ties_are_those_of_the_network()
    {
        await SimulateAsync();
        await using var profile = await _folder.OpenAsync(_real, CancellationToken.None);

        foreach (var person in _network.People())
        {
            var id = await profile.People.FindAsync(person.Handle, CancellationToken.None);
            var counts = await profile.Graph.CountsAsync(id!.Value, CancellationToken.None);
            var friends = _network.Graph.Followers(person.Index).ToArray().Count(f => _network.Graph.AreFriends(f, person.Index));
            Assert.Equal(
                new GraphCounts(_network.Graph.Following(person.Index).Length, _network.Graph.Followers(person.Index).Length, friends), counts);
        }
    }

    [Fact]
    public async Task Posts_have_the_times_of_the_days_that_were_replayed()
    {
        await SimulateAsync();
        await using var profile = await _folder.OpenAsync(_real, CancellationToken.None);
        var times = (await HeadersAsync(profile)).Select(h => h.Id.UnixMs).Order();
        var planned = _network.Actions(From.ToUnixTimeMilliseconds(), Now.ToUnixTimeMilliseconds())
            .Where(a => a.Kind == ActionKind.Post).Select(a => a.UnixMs).Order();

        Assert.All(planned.Zip(times), pair => Assert.InRange(pair.First - pair.Second, 0, 60_000));
    }

    [Fact]
    public async Task A_second_past_is_refused()
    {
        await SimulateAsync();
        await Assert.ThrowsAsync<SimulationException>(SimulateAsync);
    }

    private async Task<SimulationCounts> SimulateAsync()
    {
        await using var simulation = new StoppedServerSimulation(_network, new ReplayClock(_real), _folder.OpenAsync);
        await simulation.SettleAsync(From, null, CancellationToken.None);
        return await simulation.LiveAsync(From, Now, null, CancellationToken.None);
    }

    private async Task<PostHeader[]> HeadersAsync(EmbeddedProfile profile)
    {
        var headers = new List<PostHeader>();
        foreach (var person in _network.People())
        {
            var id = await profile.People.FindAsync(person.Handle, CancellationToken.None);
            var ids = new PostId[1_000];
            var count = await profile.Posts.NewestAsync(new[] { id!.Value }, PostId.Last, ids, CancellationToken.None);
            var found = new PostHeader[count];
            await profile.Posts.HeadersAsync(ids.AsMemory(0, count), found, CancellationToken.None);
            headers.AddRange(found);
        }
        return [.. headers];
    }

    private async Task<IEnumerable<(int, int)>> ReactionsByPostAsync(EmbeddedProfile profile) =>
        (await HeadersAsync(profile)).Select(h => (h.Counts.Likes, h.Counts.Comments)).Order();
}
