using System.Runtime.CompilerServices;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Feeds;

/// <summary>
/// The tables on which one read is laid out, kept for the next one: a read makes no garbage. Columns side by side, an entry for each
/// candidate (<see cref="Ids"/> to <see cref="Order"/>), for each distinct author of them (<see cref="Authors"/> to <see cref="AuthorFollowers"/>)
/// and for each person followed (<see cref="Following"/>, <see cref="Modes"/>).
/// </summary>
internal sealed class FeedWorkspace : IDisposable
{
    /// <summary>Candidates of one block: the seed's 1,000.</summary>
    public const int CandidatesMax = IInboxes.CapEntries;

    private const int PooledMax = 64;
    private static readonly CorePool<FeedWorkspace> Pool = new(PooledMax);

    public readonly PostId[] Inbox = new PostId[CandidatesMax];
    public readonly PostId[] PulledIds = new PostId[CandidatesMax];

    public readonly PostId[] Ids = new PostId[CandidatesMax];
    public readonly PostHeader[] Headers = new PostHeader[CandidatesMax];
    public readonly int[] AuthorOf = new int[CandidatesMax];
    public readonly bool[] Hidden = new bool[CandidatesMax];
    public readonly bool[] InAudience = new bool[CandidatesMax];
    public readonly Sight[] Sights = new Sight[CandidatesMax];
    /// <summary>Whether the reader was shown the post before.</summary>
    public readonly bool[] Seen = new bool[CandidatesMax];
    /// <summary>What each visible candidate is ranked by.</summary>
    public readonly float[] Scores = new float[CandidatesMax];
    /// <summary>What the first pass looks at and what it finds, in the order in which they are looked at.</summary>
    public readonly float[] Acts = new float[CandidatesMax], AgesMs = new float[CandidatesMax], Factors = new float[CandidatesMax];
    /// <inheritdoc cref="Acts"/>
    public readonly float[] Rated = new float[CandidatesMax];
    public readonly ulong[] RankKeys = new ulong[CandidatesMax];
    public readonly ulong[] RankSpare = new ulong[CandidatesMax];

    /// <summary>Candidates in the order in which they are offered to the page, as indices.</summary>
    public readonly int[] Order = new int[CandidatesMax];
    public readonly int[] PutOff = new int[CandidatesMax];
    public readonly PostId[] Arranged = new PostId[CandidatesMax];

    public readonly UserId[] Authors = new UserId[CandidatesMax];
    public readonly Tie[] Ties = new Tie[CandidatesMax];
    public readonly float[] Affinity = new float[CandidatesMax];
    /// <summary>Posts a day, see <see cref="Ranking.AuthorRates"/>.</summary>
    public readonly float[] AuthorRates = new float[CandidatesMax];
    /// <summary>See <see cref="Fairness.Lift"/>.</summary>
    public readonly float[] AuthorLifts = new float[CandidatesMax];
    /// <summary>Filled where features are needed.</summary>
    public readonly int[] AuthorFollowers = new int[CandidatesMax];

    /// <summary>The candidates of the second pass, the newest first, and a row for each of what the model is asked and answers.</summary>
    public readonly int[] Top = new int[RankingProfile.SecondPassMax];
    public readonly CandidateFacts[] Facts = new CandidateFacts[RankingProfile.SecondPassMax];
    public readonly float[] FeatureRows = new float[RankingProfile.SecondPassMax * Features.Count];
    public readonly float[] HeadRows = new float[RankingProfile.SecondPassMax * Heads.Count];
    public readonly float[] FinalScores = new float[RankingProfile.SecondPassMax];

    /// <summary>The candidates of this block that are on the page, in its order.</summary>
    public readonly int[] Shown = new int[FeedQuery.LimitMax];
    /// <summary>On a shuffled page, the rank of each of the first places.</summary>
    public readonly int[] Places = new int[RankingProfile.ExploreTopMax];
    public readonly PostId[] PageIds = new PostId[FeedQuery.LimitMax];
    public readonly bool[] PageLiked = new bool[FeedQuery.LimitMax];
    public readonly bool[] PageShared = new bool[FeedQuery.LimitMax];

    private readonly AuthorIndex _authorIndex = new();

    public UserId[] Following = new UserId[1_024];
    public FanOutMode[] Modes = new FanOutMode[1_024];
    public UserId[] Pulled = new UserId[1_024];
    public UserId[] Pushed = new UserId[1_024];

    private FeedWorkspace()
    {
    }

    public UserId Reader { get; private set; }

    /// <summary>Candidates in <see cref="Top"/>.</summary>
    public int TopCount { get; set; }

    /// <returns>The row of a candidate among those of the second pass, or -1.</returns>
    public int RowOf(int candidate) => Top.AsSpan(0, TopCount).IndexOf(candidate);

    /// <summary>Candidates in <see cref="Shown"/>.</summary>
    public int ShownCount { get; set; }

    /// <summary>Candidates that were looked at for the page: what of them isn't shown was put off.</summary>
    public int Scanned { get; set; }

    /// <summary>Places of the page that chance may have changed; 0 without exploration.</summary>
    public int Explored { get; set; }

    /// <summary>The model could not score a block of this page.</summary>
    public bool ModelFailed { get; set; }

    /// <summary>The model could not order the block that is on the tables: its order is the first pass's.</summary>
    public bool OrderFailed { get; set; }

    /// <summary>Candidates in <see cref="Ids"/>, newest first after the skeleton.</summary>
    public int Count { get; set; }

    /// <summary>There may be candidates older than the last one.</summary>
    public bool HasMore { get; set; }

    public int AuthorCount { get; private set; }
    public int FollowingCount { get; set; }
    public int PulledCount { get; set; }
    public int PushedCount { get; set; }

    public static FeedWorkspace Rent(UserId reader)
    {
        var work = Pool.Take() ?? new FeedWorkspace();
        work.Reader = reader;
        work.ModelFailed = false;
        return work;
    }

    public void Dispose() => Pool.Return(this);

    /// <summary>Fills <see cref="Authors"/> and <see cref="AuthorOf"/> from the headers of a stretch.</summary>
    public void IndexAuthors(int from, int count) =>
        AuthorCount = _authorIndex.Number(Headers.AsSpan(from, count), Authors, AuthorOf.AsSpan(from, count));

    public void GrowFollowing()
    {
        Array.Resize(ref Following, Following.Length * 2);
        Array.Resize(ref Modes, Following.Length);
        Array.Resize(ref Pulled, Following.Length);
        Array.Resize(ref Pushed, Following.Length);
    }
}

/// <summary>Author → small number: open addressing, at most half full, emptied by moving on to the next stamp. A slot holds the number alone; whose it
/// is, the list of authors says: so the table stays in the processor's nearest cache.</summary>
internal sealed class AuthorIndex
{
    private const int SlotBits = 11, Slots = 1 << SlotBits, SlotShift = 64 - SlotBits;
    private const uint StampStep = 1 << 16;

    /// <summary>The stamp in the upper half, the number in the lower.</summary>
    private readonly uint[] _slots = new uint[Slots];
    private uint _stamp;

    /// <summary>Numbers the authors in the order in which they come.</summary>
    /// <param name="authors">Gets them, each once.</param>
    /// <param name="numbers">Gets each header's author's number.</param>
    /// <returns>How many authors there are.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Number(ReadOnlySpan<PostHeader> headers, Span<UserId> authors, Span<int> numbers)
    {
        _stamp += StampStep;
        if (_stamp == 0)
        {
            Array.Clear(_slots);
            _stamp = StampStep;
        }
        var slots = _slots.AsSpan(0, Slots);
        var (stamp, count) = (_stamp, 0u);
        for (var i = 0; i < headers.Length; i++)
        {
            var author = headers[i].Author;
            var at = (int)((ulong)author.Value * 0x9E3779B97F4A7C15 >> SlotShift);
            // What is no more than a number above the stamp is of this stamp.
            while (slots[at] - stamp is < StampStep and var number && authors[(int)number] != author)
                at = (at + 1) % Slots;
            if (slots[at] - stamp >= StampStep)
            {
                slots[at] = stamp + count;
                authors[(int)count++] = author;
            }
            numbers[i] = (int)(slots[at] - stamp);
        }
        return (int)count;
    }
}
