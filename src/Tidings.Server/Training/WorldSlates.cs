using Tidings.Graph;
using Tidings.Models.Evaluation;
using Tidings.Ranking;
using Tidings.Server.Simulation;

namespace Tidings.Server.Training;

/// <summary>
/// Slates of one simulated network: people look into their feeds while it lives, each look is a slate, and what they do with its posts within the world's
/// hours is what came of it; or a slate is taken at a reaction. Looks fall where the network is awake. Own posts are left out: nobody's feed gets better by them. Close
/// friends are those friends with whom one has interacted most. What the simulator doesn't have stays constant, and a model can learn nothing of it: what was seen,
/// depth of a session.
/// </summary>
internal sealed class WorldSlates(SimulatedWorld world, string prefix)
{
    private const float CloseFriendAffinityMin = 15;
    private const double HourMs = 3_600_000;

    /// <summary>Days that only build up state: without them the first slates would know nobody.</summary>
    private const int WarmUpDays = 2;

    private readonly SimulatedNetwork _network = new(world.Network);
    private readonly ReplayState _state = new();
    private readonly Dictionary<long, int> _posts = [];
    private readonly OpenLooks _looks = new((long)(world.OutcomeHours * HourMs));
    private readonly List<LabelledSlate> _slates = [];

    /// <param name="slatesMax">So many are aimed at, and no more given.</param>
    public List<LabelledSlate> Play(long beginUnixMs, int days, int slatesMax, CancellationToken ct)
    {
        var warmUntil = beginUnixMs + WarmUpDays * 24 * HourMs;
        var lookUntil = beginUnixMs + (days * 24 - world.OutcomeHours) * HourMs;
        var options = world.Network;
        // Looks are dealt out over what happens, so they fall where people are awake.
        var happenings = options.People * options.PostsPerDay * (1 + options.ReactionsPerPost) * Math.Max(1, days - WarmUpDays);
        var (perHappening, due, count) = (1.3 * slatesMax / happenings, 0.0, 0L);
        foreach (var action in _network.Actions(beginUnixMs, beginUnixMs + (long)(days * 24 * HourMs)))
        {
            if ((count++ & 0xFFF) == 0)
                ct.ThrowIfCancellationRequested();
            if (action.UnixMs > warmUntil && action.UnixMs < lookUntil)
            {
                due += perHappening;
                if (world.OutcomeHours == 0)
                    due -= due >= 1 && TryTakeAct(action) ? 1 : 0;
                else
                    for (; due >= 1; due--)
                        TakeLook(new SimRandom(options.Seed, Draw.Look, count, (long)due), action.UnixMs);
            }
            Happen(action);
        }
        return _slates.Count <= slatesMax ? _slates : [.. Enumerable.Range(0, slatesMax).Select(i => _slates[(int)((long)i * _slates.Count / slatesMax)])];
    }

    private void Happen(SimulatedAction action)
    {
        if (action.Kind == ActionKind.Post)
        {
            _posts[action.Post] = _state.Publish(action.Author, action.UnixMs, action.Type);
            return;
        }
        var (post, kind) = (_posts[action.Post], KindOf(action.Kind));
        _looks.Came(action.Actor, post, kind, action.UnixMs);
        _state.Engage(action.Actor, post, kind, action.UnixMs);
    }

    private void TakeLook(SimRandom random, long unixMs)
    {
        var reader = random.Below(_network.Graph.People);
        if (SlateOf(reader, unixMs, out var candidates) is not { } slate)
            return;
        _looks.Add(reader, candidates, slate);
        _slates.Add(slate);
    }

    /// <returns>False where it isn't an act upon a candidate.</returns>
    private bool TryTakeAct(SimulatedAction action)
    {
        if (action.Kind == ActionKind.Post || action.Actor == action.Author || SlateOf(action.Actor, action.UnixMs, out var candidates) is not { } slate)
            return false;
        var at = Array.IndexOf(candidates, _posts[action.Post]);
        if (at < 0)
            return false;
        slate.Outcomes[at] = KindOf(action.Kind);
        _slates.Add(slate);
        return true;
    }

    /// <returns>Null where there is no choice.</returns>
    private LabelledSlate? SlateOf(int reader, long unixMs, out int[] candidates)
    {
        var following = _network.Graph.Following(reader).ToArray();
        candidates = _state.Candidates(following, unixMs - (long)(world.WindowHours * HourMs), world.CandidatesMax * 2, world.NewestOnly);
        if (!world.KeepsReacted)
            candidates = Array.FindAll(candidates, post => !_looks.HasReacted(reader, post));
        if (candidates.Length < 2)
            return null;
        if (candidates.Length > world.CandidatesMax)
            candidates = candidates[..world.CandidatesMax];
        var slate = _state.Slate(reader, unixMs, candidates, author => TieTo(reader, author, unixMs), author => _network.Graph.Followers(author).Length);
        var facts = Array.ConvertAll(slate.Facts, one => world.Untold.Hide(one));
        Features.Fill(facts, unixMs, sessionDepth: 0, slate.Features);
        return slate with { Reader = prefix + slate.Reader, Facts = facts };
    }

    private Tie TieTo(int reader, int author, long unixMs)
    {
        var tie = Tie.Follows | (_network.Graph.Follow(author, reader) ? Tie.FollowedBy : 0);
        if (!_network.Graph.AreFriends(reader, author))
            return tie;
        return tie | Tie.Friend | (_state.Affinity(reader, author, unixMs) >= CloseFriendAffinityMin ? Tie.CloseFriend : 0);
    }

    private static Outcome KindOf(ActionKind kind) => kind switch
    {
        ActionKind.Like => Outcome.Like,
        ActionKind.Comment => Outcome.Comment,
        ActionKind.Share => Outcome.Share,
        _ => Outcome.Hide,
    };
}
