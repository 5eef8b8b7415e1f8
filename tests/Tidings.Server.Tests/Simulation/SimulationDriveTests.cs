using Tidings.Posts;
using Tidings.Server.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Simulation;

public sealed class SimulationDriveTests
{
    private const long Start = 1_700_006_400_000;
    private const long Day = 86_400_000;

    private static readonly SimulatedNetwork Network = new(new SimulationOptions { People = 200, PostsPerDay = 3 });

    [Fact]
    public async Task Everything_happens_once_after_its_post_and_at_its_time_or_a_window_earlier()
    {
        var sink = new Witness();
        var now = 0L;
        var drive = Drive(sink, t => now = t);
        sink.Now = () => now;
        var actions = Network.Actions(Start, Start + 4 * Day).ToList();

        await drive.RunAsync(actions, null, CancellationToken.None);

        Assert.Equal(actions.OrderBy(Key), sink.Done.Select(d => d.Action).OrderBy(Key));
        Assert.All(sink.Done, d => Assert.InRange(d.Action.UnixMs - d.At, 0, 60_000));
        Assert.Equal(actions.Count, drive.Counts.Actions);
        Assert.Equal(actions.Count(a => a.Kind == ActionKind.Comment), drive.Counts.Comments);
        Assert.Equal(0, drive.Counts.Refused);
        Assert.InRange(sink.InFlightMax, 2, 64);
    }

    [Fact]
    public async Task A_second_stretch_goes_on_with_the_posts_of_the_first()
    {
        var sink = new Witness();
        var drive = Drive(sink, _ => { });
        var all = Network.Actions(Start, Start + 2 * Day).ToList();

        await drive.RunAsync(Network.Actions(Start, Start + Day), null, CancellationToken.None);
        await drive.RunAsync(Network.Actions(Start, Start + 2 * Day).SkipWhile(a => a.UnixMs < Start + Day), null, CancellationToken.None);

        Assert.Equal(all.Count, sink.Done.Count);
        Assert.Equal(0, drive.Counts.Refused);
    }

    [Fact]
    public async Task Refusals_are_counted_and_reactions_to_what_was_refused_are_too()
    {
        var sink = new Witness { Refuses = a => a.Post == 0 };
        var drive = Drive(sink, _ => { });
        var actions = Network.Actions(Start, Start + Day).ToList();

        await drive.RunAsync(actions, null, CancellationToken.None);

        Assert.Equal(actions.Count(a => a.Post == 0), drive.Counts.Refused);
        Assert.Equal(actions.Count(a => a.Post != 0), sink.Done.Count);
    }

    [Fact]
    public async Task A_failure_ends_the_run()
    {
        var sink = new Witness { Refuses = a => a.Post == 5 ? throw new IOException("gone") : false };
        await Assert.ThrowsAsync<IOException>(() => Drive(sink, _ => { }).RunAsync(Network.Actions(Start, Start + Day), null, CancellationToken.None));
    }

    private static SimulationDrive Drive(Witness sink, Action<long> reach) => new(sink, new SimulationWindow(64, TimeSpan.FromMinutes(1)), (t, _) =>
    {
        reach(t);
        return default;
    });

    private static (long, ActionKind, int, long) Key(SimulatedAction action) => (action.UnixMs, action.Kind, action.Actor, action.Post);

    /// <summary>Says what happened when, lets everything take a turn of the scheduler, and knows what was there to react to.</summary>
    private sealed class Witness : ISimulationSink
    {
        private int _inFlight;

        public List<(SimulatedAction Action, long At)> Done { get; } = [];

        public Func<long> Now { get; set; } = () => 0;

        public Func<SimulatedAction, bool> Refuses { get; init; } = _ => false;

        public int InFlightMax { get; private set; }

        public async ValueTask<PostId?> PublishAsync(SimulatedAction post, CancellationToken ct) =>
            await NoteAsync(post) ? new PostId(post.Post + 1) : null;

        public async ValueTask<bool> ReactAsync(SimulatedAction reaction, PostId post, CancellationToken ct)
        {
            Assert.Equal(reaction.Post + 1, post.Value);
            lock (Done)
                Assert.Contains(Done, d => d.Action.Kind == ActionKind.Post && d.Action.Post == reaction.Post);
            return await NoteAsync(reaction);
        }

        private async ValueTask<bool> NoteAsync(SimulatedAction action)
        {
            var inFlight = Interlocked.Increment(ref _inFlight);
            lock (Done)
                InFlightMax = Math.Max(InFlightMax, inFlight);
            var at = Now();
            await Task.Yield();
            Interlocked.Decrement(ref _inFlight);
            if (Refuses(action))
                return false;
            lock (Done)
                Done.Add((action, at));
            return true;
        }
    }
}
