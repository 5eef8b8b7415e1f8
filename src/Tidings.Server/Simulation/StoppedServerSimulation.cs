using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.Feeds;
using Tidings.Import;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>
/// Writes the past of a simulated network into the record of a server that isn't running. People and follows go through the bulk door;
/// then the record is opened anew, and friendships, posts and engagement go through the use cases, with a clock that runs through the days up
/// to now. Fan-out doesn't run: inboxes are rebuilt when their owners read.
/// </summary>
/// <param name="open">Opens the record with this clock.</param>
internal sealed class StoppedServerSimulation(
    SimulatedNetwork network, ReplayClock clock, Func<TimeProvider, CancellationToken, Task<EmbeddedProfile>> open) : IAsyncDisposable
{
    /// <summary>Of the bulk door, the job under which the record knows that it was simulated into.</summary>
    private const string Job = "simulate";

    /// <summary>Two simulated pasts don't fit into one record: posts are kept in the order in which they were made.</summary>
    private const string Before = "This record has a simulated past already. Name an empty folder, or simulate into the running server with --server.";

    private static readonly SimulationWindow Window = new(ActionsMax: 1_024, TimeSpan.FromMinutes(1));

    private EmbeddedProfile? _profile;
    private UserId[] _people = [];

    /// <summary>Brings in the people and their ties.</summary>
    /// <param name="from">When they joined.</param>
    /// <param name="stored">So many more people, follows or friendships.</param>
    /// <exception cref="SimulationException">The record has a simulated past already.</exception>
    public async Task SettleAsync(DateTimeOffset from, Action<long>? stored, CancellationToken ct)
    {
        clock.MoveTo(from);
        await using (var loading = await open(clock, ct))
        {
            if (await loading.Bulk.ReachedAsync(Job, ct) > 0)
                throw new SimulationException(Before);
            _people = await SimulatedSociety.LoadAsync(network, loading.Bulk, Job, stored, ct);
        }
        _profile = await open(clock, ct);
        await SimulatedSociety.BefriendAsync(network, _people, new ChangeTie(_profile.Graph, _profile.Inboxes), stored, ct);
    }

    /// <summary>Lets the days pass. After <see cref="SettleAsync"/>.</summary>
    public async Task<SimulationCounts> LiveAsync(
        DateTimeOffset from, DateTimeOffset until, Action<SimulationCounts>? happened, CancellationToken ct)
    {
        var profile = _profile ?? throw new InvalidOperationException("Nobody has settled yet.");
        var drive = new SimulationDrive(Sink(profile), Window, Reach);
        await drive.RunAsync(network.Actions(from.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds()), happened, ct);
        return drive.Counts;
    }

    public ValueTask DisposeAsync() => _profile?.DisposeAsync() ?? default;

    private ValueTask Reach(long unixMs, CancellationToken ct)
    {
        clock.MoveTo(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
        return default;
    }

    private UseCaseSink Sink(EmbeddedProfile profile)
    {
        var see = new SeePosts(profile.Posts, profile.Graph, profile.Audiences);
        return new UseCaseSink(
            network, _people, new PublishPost(profile.Posts), new MarkPost(see, profile.Engagement), new CommentOnPost(see, profile.Engagement));
    }
}
