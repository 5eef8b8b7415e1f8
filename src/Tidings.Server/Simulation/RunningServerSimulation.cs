using Tidings.Client;
using Tidings.Client.Wire;

namespace Tidings.Server.Simulation;

/// <summary>
/// Lets a simulated network live in a running server, through its public API: what happens gets the server's time, and the network's time goes
/// by faster than the world's. People are added with an admin key and act through a service key.
/// </summary>
/// <param name="speed">Seconds of the network for one of the world; infinite for as fast as the server takes it.</param>
/// <param name="adminKey">Null where none is known: everybody has to be there already.</param>
internal sealed class RunningServerSimulation(
    SimulatedNetwork network, double speed, TidingsClient client, string? adminKey, string serviceKey, TimeProvider clock)
{
    /// <summary>Requests in flight.</summary>
    private const int AtOnceMax = 64;

    /// <summary>Someone who is surely there, to look others up by: ids are given from 1.</summary>
    private const string FirstPerson = "1";

    private readonly string[] _people = new string[network.Graph.People];

    /// <param name="stored">So many more people or ties.</param>
    /// <exception cref="SimulationException">Someone could neither be added nor found.</exception>
    /// <exception cref="TidingsException">The server refused or failed.</exception>
    /// <exception cref="HttpRequestException">The server can't be reached.</exception>
    public async Task SettleAsync(Action<long>? stored, CancellationToken ct)
    {
        var sink = Sink;
        foreach (var chunk in network.People().Chunk(AtOnceMax))
        {
            await Task.WhenAll(chunk.Select(p => sink.DoAsync(async () => _people[p.Index] = await AddAsync(p, ct), ct)));
            if (Array.Find(chunk, p => _people[p.Index] is null) is { } missing)
                throw new SimulationException($"@{missing.Handle} could not be added: {string.Join(' ', sink.Refusals)}");
            stored?.Invoke(chunk.Length);
        }
        foreach (var chunk in network.Follows().Chunk(AtOnceMax))
        {
            await Task.WhenAll(chunk.Select(f => sink.DoAsync(() => sink.As(f.Follower).FollowAsync(_people[f.Followee], ct), ct)));
            stored?.Invoke(chunk.Length);
        }
        foreach (var chunk in network.Graph.Friendships().Chunk(AtOnceMax))
        {
            await Task.WhenAll(chunk.Select(f => sink.DoAsync(() => sink.As(f.A).BefriendAsync(_people[f.B], ct), ct)));
            await Task.WhenAll(chunk.Select(f => sink.DoAsync(() => sink.As(f.B).BefriendAsync(_people[f.A], ct), ct)));
            stored?.Invoke(chunk.Length);
        }
    }

    /// <summary>Lets the days pass, from now on. After <see cref="SettleAsync"/>.</summary>
    public async Task<(SimulationCounts Counts, IEnumerable<string> Refusals)> LiveAsync(
        TimeSpan days, Action<SimulationCounts>? happened, CancellationToken ct)
    {
        var sink = Sink;
        var begin = clock.GetUtcNow();
        var window = new SimulationWindow(AtOnceMax, double.IsInfinity(speed) ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(100 * speed));
        var drive = new SimulationDrive(sink, window, async (unixMs, stop) =>
        {
            var due = begin + (DateTimeOffset.FromUnixTimeMilliseconds(unixMs) - begin) / speed;
            if (due - clock.GetUtcNow() is { Ticks: > 0 } wait)
                await Task.Delay(wait, clock, stop);
        });
        await drive.RunAsync(network.Actions(begin.ToUnixTimeMilliseconds(), (begin + days).ToUnixTimeMilliseconds()), happened, ct);
        return (drive.Counts, sink.Refusals);
    }

    private HttpSink Sink => new(network, _people, client, serviceKey, clock);

    private async Task<string> AddAsync(SimulatedPerson person, CancellationToken ct)
    {
        try
        {
            if (adminKey is not null)
                return (await client.As(adminKey).AddPersonAsync(new NewPersonRequest(person.Handle, person.Name, person.Bio), ct)).Id;
        }
        catch (TidingsException e) when (e.Code == "handle_taken")
        {
            // There from before: found below.
        }
        return (await client.As(serviceKey, FirstPerson).PersonByHandleAsync(person.Handle, ct)).Id;
    }
}
