namespace Tidings.Server.Simulation;

/// <summary>
/// Who follows whom, made from a seed in four steps:
/// 1. Everyone belongs to one community; sizes fall like a Zipf law. A community has one topic.
/// 2. How many a person follows is Pareto with exponent 1.5 (many follow few, a few follow thousands).
/// 3. Whom: 7 of 10 in the own community, the rest anywhere; there the person of rank r with a probability that falls like 1 / r^0.8. Who was
///    here first ranks first, as where newcomers prefer those who have followers already. So follower counts have a power-law tail of
///    exponent 1 + 1 / 0.8 = 2.25.
/// 4. Some follow back, the likelier in the same community, and less those who have far more followers than they follow. Of the pairs that
///    follow each other about a third are friends.
/// Kept as two packed lists of neighbours for each person, 8 bytes a follow.
/// </summary>
public sealed class SimulatedGraph
{
    private const double DegreeExponent = 1.5;
    private const double RankExponent = 0.8;
    private const double OwnCommunityShare = 0.7;
    private const double FriendsShare = 0.35;
    private const int FollowingMax = 5_000;

    private readonly ulong _seed;
    private readonly int[] _community;
    private readonly Adjacency _following;
    private readonly Adjacency _followers;

    public SimulatedGraph(SimulationOptions options)
    {
        _seed = options.Seed;
        People = options.People;
        Communities = (int)Math.Clamp(Math.Sqrt(People) / 2, Math.Min(4, People), 500);
        _community = new int[People];
        for (var i = 0; i < People; i++)
            _community[i] = new SimRandom(_seed, Draw.Person, i, 1).Zipf(Communities, 0.6);

        var edges = Chosen(Math.Min(options.FollowsPerPerson, Math.Max(1, People / 5.0)));
        AddBackFollows(edges);
        _following = new Adjacency(People, edges);
        _followers = _following.Turned();
    }

    public int People { get; }

    public int Communities { get; }

    public long Follows => _following.Count;

    public int Community(int person) => _community[person];

    /// <summary>Rising by index.</summary>
    public ReadOnlySpan<int> Following(int person) => _following.Of(person);

    /// <inheritdoc cref="Following"/>
    public ReadOnlySpan<int> Followers(int person) => _followers.Of(person);

    public bool Follow(int follower, int followee) => Following(follower).BinarySearch(followee) >= 0;

    public bool AreFriends(int a, int b) => Follow(a, b) && Follow(b, a) && WouldBefriend(a, b);

    /// <summary>All friendships, each once.</summary>
    public IEnumerable<(int A, int B)> Friendships()
    {
        for (var a = 0; a < People; a++)
        {
            for (var i = 0; i < Following(a).Length; i++)
            {
                var b = Following(a)[i];
                if (a < b && Follow(b, a) && WouldBefriend(a, b))
                    yield return (a, b);
            }
        }
    }

    private bool WouldBefriend(int a, int b) =>
        new SimRandom(_seed, Draw.Friendship, Math.Min(a, b), Math.Max(a, b)).Chance(FriendsShare);

    /// <summary>Steps 2 and 3: edges as follower · 2³² + followee, without repetition.</summary>
    private List<ulong> Chosen(double mean)
    {
        var members = new Adjacency(Communities, [.. _community.Select((c, person) => ((ulong)c << 32) | (uint)person)]);
        var edges = new List<ulong>((int)Math.Min(1 << 28, People * mean * 1.3));
        var chosen = new HashSet<int>();
        var max = Math.Max(1, Math.Min(FollowingMax, People / 3));
        for (var i = 0; i < People; i++)
        {
            var random = new SimRandom(_seed, Draw.Follow, i);
            var count = (int)Math.Min(max, Math.Round(random.Pareto(mean * (DegreeExponent - 1) / DegreeExponent, DegreeExponent)));
            var own = members.Of(_community[i]);
            chosen.Clear();
            for (var n = 0; n < Math.Max(1, count); n++)
            {
                var other = random.Chance(OwnCommunityShare)
                    ? own[random.Zipf(own.Length, RankExponent)]
                    : random.Zipf(People, RankExponent);
                if (other != i && chosen.Add(other))
                    edges.Add(((ulong)(uint)i << 32) | (uint)other);
            }
        }
        return edges;
    }

    /// <summary>Step 4.</summary>
    private void AddBackFollows(List<ulong> edges)
    {
        var following = new int[People];
        var followers = new int[People];
        foreach (var edge in edges)
        {
            following[edge >> 32]++;
            followers[(uint)edge]++;
        }
        var chosen = edges.Count;
        for (var i = 0; i < chosen; i++)
        {
            var (a, b) = ((int)(edges[i] >> 32), (int)(uint)edges[i]);
            var likely = _community[a] == _community[b] ? 0.45 : 0.2;
            var known = Math.Min(1, 3.0 * (following[b] + 1) / followers[b]);
            if (new SimRandom(_seed, Draw.FollowBack, a, b).Chance(likely * known))
                edges.Add(((ulong)(uint)b << 32) | (uint)a);
        }
    }
}
