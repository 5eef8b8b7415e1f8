using Tidings.Graph;
using Tidings.Models.Evaluation;
using Tidings.Server.Simulation;

namespace Tidings.Server.Training;

/// <summary>
/// Slates from the simulator: people look into their feeds while their network lives, each look is a slate, and what they do with its posts within the next
/// <see cref="OutcomeHours"/> hours is what came of it. Three networks that differ in size and liveliness are played, so that a model learns what holds in all of
/// them. Looks fall where the network is awake. Own posts are left out: nobody's feed gets better by them. Close friends are those friends with whom one has
/// interacted most. What the simulator doesn't have stays constant, and a model can learn nothing of it: what was seen, depth of a session.
/// </summary>
internal sealed class SimulatedSlates(ulong seed, int days, int slatesMax)
{
    public const int OutcomeHours = 24;

    private const int CandidatesMax = 200;
    private const int WindowHours = 72;
    private const float CloseFriendAffinityMin = 15;

    /// <summary>Days that only build up state: without them the first slates would know nobody.</summary>
    private const int WarmUpDays = 3;

    /// <summary>2026-01-05, a Monday.</summary>
    private const long BeginUnixMs = 1_767_571_200_000;

    private static readonly SimulationOptions[] Networks =
    [
        new() { People = 1_500, PostsPerDay = 0.5, FollowsPerPerson = 40, ReactionsPerPost = 6 },
        new() { People = 4_000, PostsPerDay = 0.4, FollowsPerPerson = 60, ReactionsPerPost = 15 },
        new() { People = 800, PostsPerDay = 1.2, FollowsPerPerson = 25, ReactionsPerPost = 3 },
    ];

    /// <param name="progress">Told the fraction that is done.</param>
    public List<LabelledSlate> Make(Action<double>? progress, CancellationToken ct)
    {
        var slates = new List<LabelledSlate>();
        for (var n = 0; n < Networks.Length; n++)
        {
            var done = (double)n / Networks.Length;
            Play(Networks[n] with { Seed = seed + (ulong)n }, $"{n}-", slates, part => progress?.Invoke(done + part / Networks.Length), ct);
        }
        return slates;
    }

    private void Play(SimulationOptions options, string prefix, List<LabelledSlate> slates, Action<double> progress, CancellationToken ct)
    {
        var network = new SimulatedNetwork(options);
        var state = new ReplayState();
        var posts = new Dictionary<long, int>();
        var looks = new OpenLooks(OutcomeHours * 3_600_000L);
        var (endUnixMs, warmUntil) = (BeginUnixMs + days * 86_400_000L, BeginUnixMs + WarmUpDays * 86_400_000L);
        // Looks are dealt out over what happens, so they fall where people are awake.
        var happenings = options.People * options.PostsPerDay * (1 + options.ReactionsPerPost) * Math.Max(1, days - WarmUpDays);
        var looksPerHappening = slatesMax / (double)Networks.Length / happenings;
        var (count, due) = (0L, 0.0);
        foreach (var action in network.Actions(BeginUnixMs, endUnixMs))
        {
            if ((count++ & 0xFFF) == 0)
            {
                ct.ThrowIfCancellationRequested();
                progress((action.UnixMs - BeginUnixMs) / (double)(endUnixMs - BeginUnixMs));
            }
            if (action.UnixMs > warmUntil && action.UnixMs < endUnixMs - OutcomeHours * 3_600_000L)
            {
                for (due += looksPerHappening; due >= 1; due--)
                {
                    if (Look(network, state, looks, new SimRandom(options.Seed, Draw.Look, count, (long)due), action.UnixMs, prefix) is { } slate)
                        slates.Add(slate);
                }
            }
            if (action.Kind == ActionKind.Post)
            {
                posts[action.Post] = state.Publish(action.Author, action.UnixMs, action.Type);
                continue;
            }
            var kind = KindOf(action.Kind);
            looks.Came(action.Actor, posts[action.Post], kind, action.UnixMs);
            state.Engage(action.Actor, posts[action.Post], kind, action.UnixMs);
        }
    }

    private static LabelledSlate? Look(SimulatedNetwork network, ReplayState state, OpenLooks looks, SimRandom random, long unixMs, string prefix)
    {
        var reader = random.Below(network.Graph.People);
        var following = network.Graph.Following(reader).ToArray();
        var candidates = Array.FindAll(state.Candidates(following, unixMs - WindowHours * 3_600_000L, CandidatesMax * 2, newestOnly: false),
            post => !looks.HasReacted(reader, post));
        if (candidates.Length < 2)
            return null;
        if (candidates.Length > CandidatesMax)
            candidates = candidates[..CandidatesMax];
        var slate = state.Slate(reader, unixMs, candidates, author => TieTo(network.Graph, state, reader, author, unixMs),
            author => network.Graph.Followers(author).Length);
        slate = slate with { Reader = prefix + slate.Reader };
        looks.Add(reader, candidates, slate);
        return slate;
    }

    private static Tie TieTo(SimulatedGraph graph, ReplayState state, int reader, int author, long unixMs)
    {
        var tie = Tie.Follows | (graph.Follow(author, reader) ? Tie.FollowedBy : 0);
        if (!graph.AreFriends(reader, author))
            return tie;
        return tie | Tie.Friend | (state.Affinity(reader, author, unixMs) >= CloseFriendAffinityMin ? Tie.CloseFriend : 0);
    }

    private static Outcome KindOf(ActionKind kind) => kind switch
    {
        ActionKind.Like => Outcome.Like,
        ActionKind.Comment => Outcome.Comment,
        ActionKind.Share => Outcome.Share,
        _ => Outcome.Hide,
    };
}
