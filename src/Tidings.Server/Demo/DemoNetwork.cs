using System.Buffers.Text;
using System.Security.Cryptography;
using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Simulation;

namespace Tidings.Server.Demo;

/// <param name="Password">Null where the record was seeded by an earlier start: it was shown then.</param>
/// <param name="Token">A session, made at this start.</param>
public sealed record DemoPerson(UserId Id, string Handle, string Name, string? Password, string Token);

/// <summary>
/// The small lively network of <c>--demo</c>: sixty people and what they did over the last days, brought in through the use cases with a clock
/// that replays those days; then a trickle of posts and reactions for as long as the server runs. A few people can be signed in as. Passwords
/// are random: a demo record that is served without <c>--demo</c> one day has none that anybody could know.
/// </summary>
public sealed class DemoNetwork
{
    private const int NamedPeople = 5;
    private const int Days = 4;

    /// <summary>The network's days go by so much faster while the server runs: four posts a minute, among sixty people.</summary>
    private const double Haste = 48;

    private static readonly SimulationOptions Options = new() { Seed = 2006, People = 60, PostsPerDay = 2, FollowsPerPerson = 12, ReactionsPerPost = 6 };
    private static readonly SimulationWindow Window = new(ActionsMax: 256, TimeSpan.FromMinutes(10));

    private readonly SimulatedNetwork _network;
    private readonly UserId[] _ids;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;
    private SimulationDrive? _past;
    private long _fromUnixMs;

    private DemoNetwork(SimulatedNetwork network, UserId[] ids, IServiceProvider services, TimeProvider clock) =>
        (_network, _ids, _services, _clock) = (network, ids, services, clock);

    /// <summary>Those who can be signed in as.</summary>
    public IReadOnlyList<DemoPerson> People { get; private set; } = [];

    /// <summary>What happened in the days before; nothing where an earlier start seeded.</summary>
    public SimulationCounts Past => _past?.Counts ?? default;

    /// <summary>
    /// Makes the network in an empty record, or finds that of an earlier start. The past is replayed where the time provider of the
    /// <paramref name="services"/> is a <see cref="ReplayClock"/>; else everything happens now. Nobody else may write meanwhile.
    /// </summary>
    /// <exception cref="DemoRefusedException">The record has people in it who are not the demo's, or only a part of them.</exception>
    public static async Task<DemoNetwork> SeedAsync(IServiceProvider services, CancellationToken ct)
    {
        var network = new SimulatedNetwork(Options);
        var clock = services.GetRequiredService<TimeProvider>();
        var demo = new DemoNetwork(network, new UserId[Options.People], services, clock);
        var passwords = new string?[NamedPeople];
        if (!await demo.FindAsync(ct))
        {
            var now = clock.GetUtcNow();
            var replay = clock as ReplayClock;
            replay?.MoveTo(now.AddDays(-Days));
            try
            {
                await demo.SettleAsync(passwords, ct);
                await demo.ReplayAsync(now, replay, ct);
            }
            finally
            {
                replay?.GoLive();
            }
        }
        demo.People = await demo.SignInAsync(passwords, ct);
        return demo;
    }

    /// <summary>Goes on from where the past ended, until cancelled.</summary>
    public async Task LiveAsync(CancellationToken ct)
    {
        var begin = _clock.GetUtcNow();
        var drive = Drive(async (unixMs, stop) =>
        {
            var due = begin + (DateTimeOffset.FromUnixTimeMilliseconds(unixMs) - begin) / Haste;
            if (due - _clock.GetUtcNow() is { Ticks: > 0 } wait)
                await Task.Delay(wait, _clock, stop);
        }, Window with { Span = TimeSpan.Zero });
        var from = _past is null ? begin.ToUnixTimeMilliseconds() : _fromUnixMs;
        var ahead = _network.Actions(from, long.MaxValue).SkipWhile(a => a.UnixMs < begin.ToUnixTimeMilliseconds());
        try
        {
            await (_past is null ? drive : drive.Remembering(_past)).RunAsync(ahead, null, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The server stops: so does its demo.
        }
    }

    /// <summary>Whether an earlier start made these people.</summary>
    private async Task<bool> FindAsync(CancellationToken ct)
    {
        var people = _services.GetRequiredService<IPeopleStore>();
        foreach (var person in _network.People())
        {
            if (await people.FindAsync(person.Handle, ct) is { } id)
                _ids[person.Index] = id;
            else if (person.Index == 0)
                break;
            else
                throw new DemoRefusedException($"half of a demo: @{person.Handle} is missing, the start that made it was cut off");
        }
        if (_ids[0].Value > 0)
            return true;
        var first = new Person?[1];
        await people.GetAsync(new[] { new UserId(1) }, first, ct);
        return first[0] is null
            ? false
            : throw new DemoRefusedException($"people who are not the demo's (@{first[0]!.Handle})");
    }

    private async Task SettleAsync(string?[] passwords, CancellationToken ct)
    {
        var signUp = _services.GetRequiredService<SignUp>();
        foreach (var person in _network.People())
        {
            var password = person.Index < NamedPeople ? passwords[person.Index] = MakePassword() : null;
            _ids[person.Index] = (await signUp.ExecuteAsync(person.Handle, person.Name, person.Bio, password, ct)).Value;
        }
        var change = _services.GetRequiredService<ChangeTie>();
        await SimulatedSociety.FollowAsync(_network, _ids, change, ct);
        await SimulatedSociety.BefriendAsync(_network, _ids, change, null, ct);
    }

    private async Task ReplayAsync(DateTimeOffset now, ReplayClock? replay, CancellationToken ct)
    {
        _fromUnixMs = now.AddDays(-Days).ToUnixTimeMilliseconds();
        _past = Drive((unixMs, _) =>
        {
            replay?.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
            return default;
        }, Window);
        await _past.RunAsync(_network.Actions(_fromUnixMs, now.ToUnixTimeMilliseconds()), null, ct);
    }

    private async Task<IReadOnlyList<DemoPerson>> SignInAsync(string?[] passwords, CancellationToken ct)
    {
        var signIn = _services.GetRequiredService<SignIn>();
        var people = new List<DemoPerson>();
        for (var i = 0; i < NamedPeople; i++)
        {
            var person = _network.Person(i);
            var session = await signIn.OpenAsync(_ids[i], ct);
            people.Add(new DemoPerson(_ids[i], person.Handle, person.Name, passwords[i], session.Token));
        }
        return people;
    }

    private SimulationDrive Drive(Func<long, CancellationToken, ValueTask> reach, SimulationWindow window) => new(
        new UseCaseSink(
            _network, _ids, _services.GetRequiredService<PublishPost>(), _services.GetRequiredService<MarkPost>(),
            _services.GetRequiredService<CommentOnPost>()),
        window, reach);

    /// <summary>72 random bits: 12 characters of base64url.</summary>
    private static string MakePassword() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(9));
}

public sealed class DemoRefusedException(string what)
    : Exception($"--demo fills an empty record, and this one has {what}. Name another folder with --data.");
