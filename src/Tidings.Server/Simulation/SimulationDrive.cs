using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>How far actions may be done at once.</summary>
/// <param name="ActionsMax">In one window; the concurrency at most. 1 to 65,536.</param>
/// <param name="Span">From the first action of a window to its last: actions of one window are done at one moment of the clock.</param>
internal sealed record SimulationWindow(int ActionsMax, TimeSpan Span);

/// <summary>
/// Lets a stream of actions happen. The stream is cut into windows, short in time and bounded in number. Of each, the clock is brought to its
/// first action, then all posts are published at once, then all reactions happen at once: many are in flight, yet nothing is reacted to
/// before it is there, and no window begins before the one before it is done.
/// </summary>
/// <param name="reach">Brings the clock to a time, or waits until it is there.</param>
internal sealed class SimulationDrive(ISimulationSink sink, SimulationWindow size, Func<long, CancellationToken, ValueTask> reach)
{
    /// <summary>Nobody reacts to a post that is older than this, see <see cref="ReactionModel.DelayMaxMs"/> of a comment and of its answer.</summary>
    private const long RememberedMs = 3 * ReactionModel.DelayMaxMs;

    private readonly Dictionary<long, PostId> _posts = [];
    private readonly Queue<(long UnixMs, long Ordinal)> _byAge = [];
    private readonly List<SimulatedAction> _window = [];
    private readonly List<Task<bool>> _phase = [];

    public SimulationCounts Counts { get; private set; }

    /// <summary>Goes on where another one ended: reactions find its posts.</summary>
    public SimulationDrive Remembering(SimulationDrive earlier)
    {
        foreach (var (unixMs, ordinal) in earlier._byAge)
        {
            _posts[ordinal] = earlier._posts[ordinal];
            _byAge.Enqueue((unixMs, ordinal));
        }
        return this;
    }

    /// <param name="actions">In order of time. A later call goes on: reactions find the posts of earlier calls.</param>
    /// <param name="done">After each window.</param>
    public async Task RunAsync(IEnumerable<SimulatedAction> actions, Action<SimulationCounts>? done, CancellationToken ct)
    {
        var spanMs = (long)size.Span.TotalMilliseconds;
        foreach (var action in actions)
        {
            if (_window.Count > 0 && (_window.Count >= size.ActionsMax || action.UnixMs - _window[0].UnixMs > spanMs))
                await FlushAsync(done, ct);
            _window.Add(action);
        }
        if (_window.Count > 0)
            await FlushAsync(done, ct);
    }

    private async Task FlushAsync(Action<SimulationCounts>? done, CancellationToken ct)
    {
        await reach(_window[0].UnixMs, ct);
        await PhaseAsync(isPost: true, ct);
        await PhaseAsync(isPost: false, ct);
        Forget(_window[0].UnixMs - RememberedMs);
        _window.Clear();
        done?.Invoke(Counts);
    }

    private async Task PhaseAsync(bool isPost, CancellationToken ct)
    {
        _phase.Clear();
        foreach (var action in _window)
        {
            if (action.Kind == ActionKind.Post == isPost)
                _phase.Add(isPost ? PublishAsync(action, ct) : ReactAsync(action, ct));
        }
        await Task.WhenAll(_phase);
        var next = 0;
        foreach (var action in _window)
        {
            if (action.Kind == ActionKind.Post == isPost)
                Counts = Counts.With(action, _phase[next++].Result);
        }
    }

    private async Task<bool> PublishAsync(SimulatedAction action, CancellationToken ct)
    {
        if (await sink.PublishAsync(action, ct) is not { } post)
            return false;
        lock (_posts)
        {
            _posts[action.Post] = post;
            _byAge.Enqueue((action.UnixMs, action.Post));
        }
        return true;
    }

    private async Task<bool> ReactAsync(SimulatedAction action, CancellationToken ct) =>
        _posts.TryGetValue(action.Post, out var post) && await sink.ReactAsync(action, post, ct);

    private void Forget(long beforeUnixMs)
    {
        while (_byAge.TryPeek(out var oldest) && oldest.UnixMs < beforeUnixMs)
            _posts.Remove(_byAge.Dequeue().Ordinal);
    }
}
