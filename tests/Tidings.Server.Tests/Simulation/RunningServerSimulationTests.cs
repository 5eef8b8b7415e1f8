using Tidings.Client;
using Tidings.Events;
using Tidings.Server.Hosting;
using Tidings.Server.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Tidings.Server.Tests.Simulation;

public sealed class RunningServerSimulationTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private readonly SimulatedNetwork _network = new(new SimulationOptions { People = 40, PostsPerDay = 1 });
    private TidingsServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new ServeOptions
        {
            DataFolder = _folder.Path, Urls = "http://127.0.0.1:0", Durability = Embedded.Durability.Interval, HotPosts = 65_536, FreeMib = 0,
        };
        _server = await TidingsServer.OpenAsync(options, TimeProvider.System, null, null, CancellationToken.None);
        await _server.StartAsync(CancellationToken.None);
        _http = new HttpClient { BaseAddress = new Uri(_server.Addresses.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_network_settles_and_lives_through_the_public_interface_and_settles_again_without_the_admin_key()
    {
        var client = new TidingsClient(_http);
        var key = (await client.As(_server.NewAdminKey).MakeKeyAsync("simulation", CancellationToken.None)).Key;
        var simulation = new RunningServerSimulation(_network, double.PositiveInfinity, client, _server.NewAdminKey, key, TimeProvider.System);

        await simulation.SettleAsync(null, CancellationToken.None);
        var (counts, refusals) = await simulation.LiveAsync(TimeSpan.FromDays(1), null, CancellationToken.None);

        Assert.Empty(refusals);
        Assert.Equal(0, counts.Refused);
        Assert.True(counts.Posts > 10 && counts.Likes > 10 && counts.Comments > 0);
        var events = await EventsAsync();
        Assert.Equal(_network.Graph.People, events[EventKind.PersonJoined]);
        Assert.Equal(counts.Posts, events[EventKind.PostPublished]);
        Assert.Equal(counts.Comments, events[EventKind.Commented]);
        Assert.Equal(counts.Likes + counts.Shares + counts.Hides, events[EventKind.MarkChanged]);

        var again = new RunningServerSimulation(_network, double.PositiveInfinity, client, null, key, TimeProvider.System);
        await again.SettleAsync(null, CancellationToken.None);
        Assert.Equal(_network.Graph.People, (await EventsAsync())[EventKind.PersonJoined]);
    }

    [Fact]
    public async Task People_who_are_not_there_need_the_admin_key()
    {
        var client = new TidingsClient(_http);
        var key = (await client.As(_server.NewAdminKey).MakeKeyAsync("simulation", CancellationToken.None)).Key;
        await client.As(_server.NewAdminKey).AddPersonAsync(new("somebody", "Somebody"), CancellationToken.None);
        var simulation = new RunningServerSimulation(_network, double.PositiveInfinity, client, null, key, TimeProvider.System);

        var e = await Assert.ThrowsAsync<SimulationException>(() => simulation.SettleAsync(null, CancellationToken.None));

        Assert.Contains("@ada could not be added", e.Message);
    }

    private async Task<Dictionary<EventKind, long>> EventsAsync()
    {
        var log = _server.Services.GetRequiredService<IEventLog>();
        var events = new Event[log.End];
        for (var read = 0; read < events.Length;)
            read += await log.ReadAsync(read, events.AsMemory(read), CancellationToken.None);
        return events.GroupBy(e => e.Kind).ToDictionary(g => g.Key, g => g.LongCount());
    }
}
