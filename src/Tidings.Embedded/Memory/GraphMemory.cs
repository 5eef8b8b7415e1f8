using System.Buffers;
using Tidings.Graph;
using Tidings.People;

namespace Tidings.Embedded.Memory;

/// <summary>
/// Everyone's lists, both directions, as <see cref="SortedIds"/>. One writer replaces a set by its successor with one store; readers take
/// whichever is there and keep it as long as they like. Between the stores of one change a reader may see one side of a tie and not yet
/// the other, never half a set. People are in segments of 65,536, so growth copies nothing; the lists that few people use are one array
/// that only they have.
/// </summary>
internal sealed class GraphMemory
{
    private const int SegmentShift = 16, SegmentPeople = 1 << SegmentShift;
    private const int Lists = (int)TieList.CloseFriends;
    private const int RareLists = Lists - (int)TieList.Followers;

    /// <summary>Of people in whose segment nobody has a tie.</summary>
    private static readonly Person Nobody;

    private readonly Person[]?[] _segments = new Person[]?[1 << (32 - SegmentShift)];
    private long _end;

    /// <summary>The flag that says the same of a tie as being in the list. The two enums run in the same order.</summary>
    public static Tie FlagOf(TieList list) => (Tie)(1 << ((int)list - 1));

    /// <summary>The person's whole tie to the other.</summary>
    public Tie Get(UserId a, UserId b)
    {
        var tie = Tie.None;
        for (var list = TieList.Following; (int)list <= Lists; list++)
        {
            // Whom one follows is limited, who follows one is not: the other's own list is the shorter.
            var found = list == TieList.Followers ? List(b, TieList.Following).Contains((uint)a.Value) : List(a, list).Contains((uint)b.Value);
            if (found) tie |= FlagOf(list);
        }
        return tie;
    }

    /// <summary>The viewer's tie to each of the others, in their order, without <see cref="Tie.FollowedBy"/>. Others in rising order are faster.</summary>
    public void Ties(UserId viewer, ReadOnlySpan<UserId> others, Span<Tie> into)
    {
        into[..others.Length].Clear();
        var rising = IsRising(others);
        for (var list = TieList.Following; (int)list <= Lists; list++)
        {
            var ids = list == TieList.Followers ? default : List(viewer, list);
            if (ids.Count == 0) continue;
            if (rising) MarkRising(ids, others, into, FlagOf(list));
            else MarkEach(ids, others, into, FlagOf(list));
        }
    }

    public SortedIds List(UserId person, TieList list)
    {
        ref readonly var lists = ref ListsOf(person);
        if (list == TieList.Following) return SortedIds.Read(in lists.Following);
        if (list == TieList.Followers) return SortedIds.Read(in lists.Followers);
        return Volatile.Read(in lists.Rare) is { } rare ? SortedIds.Read(in rare[(int)(list - TieList.Friends)]) : default;
    }

    /// <summary>How many follow each, in their order. Their records are fetched together.</summary>
    public void FollowerCounts(ReadOnlySpan<UserId> others, Span<int> into)
    {
        const int batch = 64;
        for (var from = 0; from < others.Length; from += batch)
        {
            var some = others.Slice(from, Math.Min(batch, others.Length - from));
            foreach (var other in some)
                Prefetch.Line(in ListsOf(other));
            for (var i = 0; i < some.Length; i++)
                into[from + i] = Volatile.Read(in ListsOf(some[i]).FollowerCount);
        }
    }

    /// <returns>How many were written; fewer than the room given means that the list ended.</returns>
    public int CopyList(UserId person, TieList list, UserId after, Span<UserId> into)
    {
        var ids = List(person, list);
        var (count, from) = (0, after.Value + 1);
        while (count < into.Length && from <= uint.MaxValue)
        {
            var run = ids.RunFrom((uint)from);
            if (run.Length == 0) break;
            run = run[..Math.Min(run.Length, into.Length - count)];
            foreach (var id in run)
                into[count++] = new UserId(id);
            from = run[^1] + 1L;
        }
        return count;
    }

    public GraphCounts Counts(UserId person) =>
        new(List(person, TieList.Following).Count, List(person, TieList.Followers).Count, List(person, TieList.Friends).Count);

    /// <summary>Makes the ties between two people what they are given as, both whole. Writer only.</summary>
    public void Set(UserId a, UserId b, Tie aToB, Tie bToA)
    {
        SetSide(a, b, aToB);
        SetSide(b, a, bToA);
    }

    /// <summary>A list that the person made: <see cref="TieList.Following"/>, <see cref="TieList.Friends"/>, <see cref="TieList.RequestsSent"/>,
    /// <see cref="TieList.Blocked"/>, <see cref="TieList.Muted"/> or <see cref="TieList.CloseFriends"/>. Writer only, before the first reader.</summary>
    /// <param name="sortedIds">Rising, each once.</param>
    public void Load(UserId person, TieList outgoing, ReadOnlySpan<uint> sortedIds)
    {
        if (outgoing is TieList.Followers or TieList.RequestsReceived or TieList.BlockedBy)
            throw new ArgumentOutOfRangeException(nameof(outgoing), outgoing, "Incoming lists are derived.");
        if (sortedIds.Length == 0) return;
        Publish(person, outgoing, SortedIds.From(sortedIds));
        _end = Math.Max(_end, sortedIds[^1] + 1L);
    }

    /// <summary>Derives who follows, asked and blocked whom from the lists loaded. Writer only, once, before the first reader.</summary>
    public void FinishLoading()
    {
        Inversion.Derive(this, TieList.Following, TieList.Followers, _end);
        Inversion.Derive(this, TieList.RequestsSent, TieList.RequestsReceived, _end);
        Inversion.Derive(this, TieList.Blocked, TieList.BlockedBy, _end);
    }

    /// <summary>Adds many follows at once; those that are there already and those of oneself are passed over. Writer only.</summary>
    public void AddFollows(ReadOnlySpan<(UserId Follower, UserId Followee)> edges)
    {
        var sorted = ArrayPool<ulong>.Shared.Rent(edges.Length);
        var ids = ArrayPool<uint>.Shared.Rent(edges.Length);
        foreach (var list in (ReadOnlySpan<TieList>)[TieList.Following, TieList.Followers])
        {
            var count = 0;
            foreach (var (follower, followee) in edges)
            {
                if (follower == followee) continue;
                var (owner, member) = list == TieList.Following ? (follower, followee) : (followee, follower);
                sorted[count++] = ((ulong)owner.Value << 32) | (uint)member.Value;
            }
            sorted.AsSpan(0, count).Sort();
            for (int from = 0, to; from < count; from = to)
            {
                var (owner, members) = ((uint)(sorted[from] >> 32), 0);
                for (to = from; to < count && (uint)(sorted[to] >> 32) == owner; to++)
                {
                    if (to == from || sorted[to] != sorted[to - 1]) ids[members++] = (uint)sorted[to];
                }
                var person = new UserId(owner);
                Publish(person, list, List(person, list).Union(ids.AsSpan(0, members)));
            }
        }
        ArrayPool<ulong>.Shared.Return(sorted);
        ArrayPool<uint>.Shared.Return(ids);
    }

    internal void Publish(UserId person, TieList list, SortedIds ids)
    {
        var id = (uint)person.Value;
        ref var segment = ref _segments[id >> SegmentShift];
        if (segment is null) Volatile.Write(ref segment, new Person[SegmentPeople]);
        _end = Math.Max(_end, id + 1L);
        ref var lists = ref segment[id & (SegmentPeople - 1)];
        if (list == TieList.Following) SortedIds.Publish(ref lists.Following, ids);
        else if (list == TieList.Followers)
        {
            SortedIds.Publish(ref lists.Followers, ids);
            Volatile.Write(ref lists.FollowerCount, ids.Count);
        }
        else
        {
            if (lists.Rare is null) Volatile.Write(ref lists.Rare, new SortedIds[RareLists]);
            SortedIds.Publish(ref lists.Rare![(int)(list - TieList.Friends)], ids);
        }
    }

    private ref readonly Person ListsOf(UserId person)
    {
        var id = (uint)person.Value;
        if (Volatile.Read(ref _segments[id >> SegmentShift]) is { } segment) return ref segment[id & (SegmentPeople - 1)];
        return ref Nobody;
    }

    private void SetSide(UserId from, UserId to, Tie tie)
    {
        for (var list = TieList.Following; (int)list <= Lists; list++)
        {
            var now = List(from, list);
            var has = now.Contains((uint)to.Value);
            var wants = (tie & FlagOf(list)) != 0;
            if (has != wants)
                Publish(from, list, wants ? now.Add((uint)to.Value) : now.Remove((uint)to.Value));
        }
    }

    private static bool IsRising(ReadOnlySpan<UserId> others)
    {
        for (var i = 1; i < others.Length; i++)
        {
            if (others[i].Value < others[i - 1].Value) return false;
        }
        return true;
    }

    private static void MarkRising(SortedIds ids, ReadOnlySpan<UserId> others, Span<Tie> into, Tie flag)
    {
        ReadOnlySpan<uint> run = default;
        var at = 0;
        for (var i = 0; i < others.Length; i++)
        {
            var id = (uint)others[i].Value;
            at = Search.Gallop(run, at, id);
            if (at == run.Length)
            {
                run = ids.RunFrom(id);
                if (run.Length == 0) return;
                at = 0;
            }
            if (run[at] == id) into[i] |= flag;
        }
    }

    private static void MarkEach(SortedIds ids, ReadOnlySpan<UserId> others, Span<Tie> into, Tie flag)
    {
        for (var i = 0; i < others.Length; i++)
        {
            if (ids.Contains((uint)others[i].Value)) into[i] |= flag;
        }
    }

    private struct Person
    {
        public SortedIds Following, Followers;
        /// <summary>The other lists, from <see cref="TieList.Friends"/> on; null for who has none.</summary>
        public SortedIds[]? Rare;
        /// <summary>Of <see cref="Followers"/>: a feed asks for that of each of its authors, and is spared a step to the list.</summary>
        public int FollowerCount;
    }
}
