using System.Runtime.InteropServices;
using Tidings.Affinity;
using Tidings.Graph;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Models.Evaluation;

/// <summary>
/// What a feed would know at each moment of a log that is played through it: posts, their counters, affinities. Made with the formulas of the record, so a
/// slate of it has the features that the server would have had. People are small numbers from 0.
/// </summary>
public sealed class ReplayState
{
    private readonly List<Post> _posts = [];
    private readonly Dictionary<int, List<int>> _byAuthor = [];
    private readonly Dictionary<(int Reader, int Author), double> _affinity = [];
    private readonly Dictionary<int, (int Number, int Posts)> _ofAuthor = [];
    private readonly List<int> _found = [];

    private sealed class Post(int author, long unixMs, PostType type)
    {
        public int Author => author;
        public long UnixMs => unixMs;
        public PostType Type => type;
        public Counts Counts;
    }

    public int Posts => _posts.Count;

    public int AuthorOf(int post) => _posts[post].Author;

    /// <summary>Posts have to come in order of time.</summary>
    /// <returns>The post's number, from 0.</returns>
    public int Publish(int author, long unixMs, PostType type)
    {
        _posts.Add(new Post(author, unixMs, type));
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(_byAuthor, author, out _);
        (own ??= []).Add(_posts.Count - 1);
        return _posts.Count - 1;
    }

    /// <summary>A like, comment or share; a hide changes nothing that others see.</summary>
    public void Engage(int reader, int post, Outcome kind, long unixMs)
    {
        var to = _posts[post];
        var counts = to.Counts;
        (to.Counts, var weight) = kind switch
        {
            Outcome.Like => (counts with { Likes = counts.Likes + 1 }, InteractionWeights.Like),
            Outcome.Comment => (counts with { Comments = counts.Comments + 1 }, InteractionWeights.Comment),
            Outcome.Share => (counts with { Shares = counts.Shares + 1 }, InteractionWeights.Share),
            _ => (counts, 0),
        };
        if (weight == 0 || reader == to.Author)
            return;
        ref var stored = ref CollectionsMarshal.GetValueRefOrAddDefault(_affinity, (reader, to.Author), out var known);
        stored = ForwardDecay.Add(known ? stored : ForwardDecay.Nothing, weight, unixMs);
    }

    public float Affinity(int reader, int author, long unixMs) =>
        _affinity.TryGetValue((reader, author), out var stored) ? (float)ForwardDecay.Score(stored, unixMs) : 0;

    /// <summary>The newest posts of these people, at most <paramref name="max"/>, none older than <paramref name="oldestUnixMs"/>; newest first.</summary>
    /// <param name="newestOnly">One of each author, their newest.</param>
    public int[] Candidates(IEnumerable<int> authors, long oldestUnixMs, int max, bool newestOnly)
    {
        _found.Clear();
        foreach (var author in authors)
        {
            if (!_byAuthor.TryGetValue(author, out var own))
                continue;
            for (var i = own.Count - 1; i >= 0 && _posts[own[i]].UnixMs >= oldestUnixMs && (!newestOnly || i == own.Count - 1); i--)
                _found.Add(own[i]);
        }
        _found.Sort(static (a, b) => b.CompareTo(a));
        return [.. _found.Take(max)];
    }

    /// <param name="tie">The reader's to an author.</param>
    /// <param name="followers">Of an author.</param>
    public LabelledSlate Slate(int reader, long unixMs, int[] candidates, Func<int, Tie> tie, Func<int, int> followers)
    {
        _ofAuthor.Clear();
        foreach (var post in candidates)
        {
            ref var author = ref CollectionsMarshal.GetValueRefOrAddDefault(_ofAuthor, _posts[post].Author, out var known);
            author = (known ? author.Number : _ofAuthor.Count - 1, author.Posts + 1);
        }
        var perDay = AuthorRates.PerDay(_posts[candidates[^1]].UnixMs, _posts[candidates[0]].UnixMs);
        var facts = Array.ConvertAll(candidates, p =>
        {
            var post = _posts[p];
            return new CandidateFacts(post.UnixMs, post.Counts, post.Type, Affinity(reader, post.Author, unixMs), tie(post.Author), post.Author == reader,
                _ofAuthor[post.Author].Posts * perDay, followers(post.Author), Seen: false, _ofAuthor[post.Author].Number);
        });
        var rows = new float[candidates.Length * Features.Count];
        Features.Fill(facts, unixMs, sessionDepth: 0, rows);
        return new LabelledSlate(reader.ToString(System.Globalization.CultureInfo.InvariantCulture), unixMs, Array.ConvertAll(candidates, p => (ulong)p), facts, rows,
            new Outcome[candidates.Length]);
    }
}
