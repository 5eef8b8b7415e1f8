using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>
/// A social network that lives by a seed: people, whom they follow, and what they do in order of time. Nothing here reads a clock or the
/// world: the same options and the same beginning give the same stream, so two runs can be compared. Memory is the graph, and the reactions
/// that are still to come.
///
/// Posts come at random (a Poisson process) at a rate that follows <see cref="Rhythm"/>; some people write thirty times as much as others and
/// a third hardly ever do; in networks with threads an author goes on where the last post was theirs. Reactions are <see cref="ReactionModel"/>'s.
/// </summary>
public sealed class SimulatedNetwork
{
    private const double DayMs = 86_400_000;

    private readonly SimulationOptions _options;
    private readonly ReactionModel _reactions;

    /// <summary>Of each person, how much they and all before them write.</summary>
    private readonly double[] _writing;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public SimulatedNetwork(SimulationOptions options)
    {
        if (options.Check() is { } wrong)
            throw new ArgumentException(wrong, nameof(options));
        _options = options;
        Graph = new SimulatedGraph(options);
        _writing = new double[options.People];
        var (sum, reached) = (0.0, 0.0);
        for (var i = 0; i < options.People; i++)
        {
            var random = new SimRandom(options.Seed, Draw.Person, i, 2);
            var weight = random.Chance(0.33) ? 0.02 : Math.Min(30, random.Pareto(0.5, 1.6));
            _writing[i] = sum += weight;
            reached += weight * Graph.Followers(i).Length;
        }
        _reactions = new ReactionModel(options, Graph, meanFollowersOfAPost: reached / sum);
    }

    public SimulatedGraph Graph { get; }

    public IEnumerable<SimulatedPerson> People()
    {
        for (var i = 0; i < _options.People; i++)
            yield return Person(i);
    }

    public SimulatedPerson Person(int index) => Wording.Person(_options.Seed, index, Topics.Of(Graph.Community(index)));

    /// <summary>Follower and followee, by follower. Friends follow each other and are among them.</summary>
    public IEnumerable<(int Follower, int Followee)> Follows()
    {
        for (var i = 0; i < _options.People; i++)
        {
            for (var n = 0; n < Graph.Following(i).Length; n++)
                yield return (i, Graph.Following(i)[n]);
        }
    }

    /// <summary>What happens from <paramref name="fromUnixMs"/> on and before <paramref name="untilUnixMs"/>, in order of time.</summary>
    public IEnumerable<SimulatedAction> Actions(long fromUnixMs, long untilUnixMs)
    {
        var ahead = new PriorityQueue<SimulatedAction, (long UnixMs, long Order)>();
        var order = 0L;
        var post = NextPost(0, fromUnixMs, null);
        while (true)
        {
            while (ahead.TryPeek(out var reaction, out var when) && when.UnixMs <= post.UnixMs)
            {
                if (when.UnixMs >= untilUnixMs)
                    yield break;
                ahead.Dequeue();
                yield return reaction;
            }
            if (post.UnixMs >= untilUnixMs)
                yield break;
            yield return post;
            foreach (var reaction in _reactions.To(post, fromUnixMs))
            {
                if (reaction.UnixMs < untilUnixMs)
                    ahead.Enqueue(reaction, (reaction.UnixMs, order++));
            }
            post = NextPost(post.Post + 1, fromUnixMs, post);
        }
    }

    public PostBody Body(in SimulatedAction post) => Wording.Post(_options.Seed, post);

    public string Comment(in SimulatedAction comment) => Wording.Comment(_options.Seed, comment);

    /// <summary>Draws times at the busiest hour's rate and keeps each with the probability of its hour (Lewis and Shedler's thinning).</summary>
    private SimulatedAction NextPost(long ordinal, long fromUnixMs, SimulatedAction? last)
    {
        var random = new SimRandom(_options.Seed ^ (ulong)fromUnixMs, Draw.Post, ordinal);
        var character = _options.Character;
        var meanGapMs = DayMs * Rhythm.MeanOf(character.Night) / (_options.PostsPerDay * _options.People);
        double time = last?.UnixMs ?? fromUnixMs;
        do
            time += random.Exponential(meanGapMs);
        while (!random.Chance(Rhythm.At((long)time, character.Night)));

        var found = _writing.AsSpan().BinarySearch(random.Unit() * _writing[^1]);
        var author = Math.Min(found < 0 ? ~found : found, _writing.Length - 1);
        var community = random.Chance(0.8) ? Graph.Community(author) : random.Below(Graph.Communities);
        var type = random.Unit() switch { < 0.62 => PostType.Text, < 0.82 => PostType.Image, < 0.95 => PostType.Link, _ => PostType.Video };
        var audience = random.Chance(0.08) ? Audience.Friends : Audience.Public;
        if (last is { } before && character.Threads > 0 && random.Chance(character.Threads))
            author = before.Author;
        return new SimulatedAction(ActionKind.Post, (long)time, author, ordinal, author, Topics.Of(community), type, audience);
    }
}
