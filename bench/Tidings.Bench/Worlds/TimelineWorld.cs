using Tidings.Embedded.Memory;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Worlds;

/// <summary>A million hot posts of 20,000 authors, 50 each, in random order of authors: what reads meet in memory.</summary>
internal sealed class TimelineWorld : IDisposable
{
    public const int Authors = 20_000, PostsEach = 50, Followees = 200;
    private const int Readers = 512;

    private readonly HotPosts _hot = new(1 << 20);
    private readonly Slab _slab = new(1L << 30);
    private readonly AuthorTimelines _timelines;
    private readonly UserId[][] _following;
    private readonly PostId[][] _candidates;
    private readonly PostId[] _merged = new PostId[1_000];
    private int _turn;

    public TimelineWorld(int candidates)
    {
        _timelines = new AuthorTimelines(_hot, _slab);
        var random = new Random(2);
        var authors = Enumerable.Range(0, Authors * PostsEach).Select(i => 1 + i % Authors).ToArray();
        random.Shuffle(authors);
        var ids = new PostId[authors.Length];
        var last = 0L;
        for (var i = 0; i < authors.Length; i++)
        {
            last = TimeOrderedId.Next(last, 1_700_000_000_000 + i * 100L, 0);
            ids[i] = new PostId(last);
            var author = new UserId(authors[i]);
            var header = new PostHeader(ids[i], author, PostType.Text, Audience.Public, default, false, 1, 0, new Counts(i % 50, i % 7, i % 3));
            _timelines.Append(author, _hot.Add(header));
        }
        _following = [.. Enumerable.Range(0, Readers).Select(_ => Sample(random))];
        _candidates = [.. Enumerable.Range(0, Readers).Select(_ =>
            Enumerable.Range(0, candidates).Select(_ => ids[random.Next(ids.Length)]).OrderDescending().ToArray())];
        Headers = new PostHeader[candidates];
        GetHeaders();
    }

    public PostHeader[] Headers { get; }

    public int GetHeaders() => _hot.Get(_candidates[_turn = (_turn + 1) % Readers], Headers);

    public int Merge() => _timelines.Newest(_following[_turn = (_turn + 1) % Readers], PostId.Last, _merged, NoColdTimelines.Instance);

    public void Dispose()
    {
        _timelines.Dispose();
        _slab.Dispose();
        _hot.Dispose();
    }

    private static UserId[] Sample(Random random)
    {
        var following = new SortedSet<int>();
        while (following.Count < Followees)
            following.Add(1 + random.Next(Authors));
        return [.. following.Select(f => new UserId(f))];
    }

    private sealed class NoColdTimelines : IColdTimelines
    {
        public static readonly NoColdTimelines Instance = new();

        public int Older(UserId author, PostId before, Span<PostId> into) => 0;
    }
}
