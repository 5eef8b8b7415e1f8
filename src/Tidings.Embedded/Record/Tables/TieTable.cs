using Tidings.Embedded.Memory;
using Tidings.Embedded.Record.Rows;
using Tidings.Graph;
using Tidings.People;

namespace Tidings.Embedded.Record.Tables;

/// <summary>The ties between people. Memory holds all of them; the disk one row for each list that goes out from a person.</summary>
internal sealed class TieTable(GraphMemory memory) : Table
{
    /// <summary>Which list holds what a person does about others.</summary>
    public static readonly (Tie Flag, TieList List)[] Outgoing =
    [
        (Tie.Follows, TieList.Following), (Tie.Friend, TieList.Friends), (Tie.RequestSent, TieList.RequestsSent),
        (Tie.Blocks, TieList.Blocked), (Tie.Mutes, TieList.Muted), (Tie.CloseFriend, TieList.CloseFriends),
    ];

    private readonly Dictionary<(UserId A, UserId B), Tie> _staged = [];
    private readonly Dictionary<(UserId Person, TieList List), SortedIds> _stagedLists = [];
    private readonly List<(UserId Follower, UserId Followee)> _stagedFollows = [];

    public GraphMemory Memory => memory;

    public Tie Get(Draft _, UserId a, UserId b) => _staged.TryGetValue((a, b), out var staged) ? staged : memory.Get(a, b);

    public SortedIds List(Draft _, UserId person, TieList list) =>
        _stagedLists.TryGetValue((person, list), out var staged) ? staged : memory.List(person, list);

    /// <summary>Both people's ties to each other become these.</summary>
    public void Set(Draft draft, UserId a, UserId b, Tie aToB, Tie bToA)
    {
        SetLists(draft, a, b, aToB);
        SetLists(draft, b, a, bToA);
        _staged[(a, b)] = aToB;
        _staged[(b, a)] = bToA;
        draft.Touch();
    }

    /// <summary>Many follows of one person at once; those that are there already stay.</summary>
    /// <param name="sorted">Rising, each once.</param>
    public void AddFollows(Draft draft, UserId follower, ReadOnlySpan<uint> sorted)
    {
        var following = List(draft, follower, TieList.Following);
        _stagedLists[(follower, TieList.Following)] = following.Union(sorted);
        foreach (var followee in sorted)
            _stagedFollows.Add((follower, new UserId(followee)));
        draft.Touch();
    }

    public override void Seal(Draft draft)
    {
        Span<byte> key = stackalloc byte[TieRow.KeyBytes];
        foreach (var ((person, list), ids) in _stagedLists)
        {
            TieRow.Key(key, person, list);
            if (ids.Count == 0)
            {
                draft.Delete(key, draft.Columns.Ties);
                continue;
            }
            var sorted = new uint[ids.Count];
            ids.CopyAfter(0, sorted);
            using var room = new Room(TieRow.BytesMax(sorted.Length));
            draft.Put(key, TieRow.Write(room.Span, sorted), draft.Columns.Ties);
        }
    }

    public override void Publish(Draft draft)
    {
        foreach (var ((a, b), tie) in _staged)
        {
            if (a.Value < b.Value)
                memory.Set(a, b, tie, _staged[(b, a)]);
        }
        if (_stagedFollows.Count > 0)
            memory.AddFollows(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_stagedFollows));
        _staged.Clear();
        _stagedLists.Clear();
        _stagedFollows.Clear();
    }

    private void SetLists(Draft draft, UserId person, UserId other, Tie next)
    {
        var changed = Get(draft, person, other) ^ next;
        foreach (var (flag, list) in Outgoing)
        {
            if ((changed & flag) == 0) continue;
            var ids = List(draft, person, list);
            _stagedLists[(person, list)] = (next & flag) != 0 ? ids.Add((uint)other.Value) : ids.Remove((uint)other.Value);
        }
    }
}
