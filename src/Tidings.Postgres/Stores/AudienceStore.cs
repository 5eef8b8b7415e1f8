using Tidings.Graph;
using Tidings.People;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>Lists are in their owner's shard, whose number is in the low 8 bits of their own.</summary>
internal sealed class AudienceStore(RecordReads reads, RecordWrites writes, PeopleStore people, GraphLimits limits) : IAudienceStore
{
    private const string AddSql = "INSERT INTO audience_lists VALUES ($1, $2, $3, $4)";

    private const string CountSql = "SELECT count(*) FROM audience_lists WHERE shard = $1 AND owner = $2";

    private const string OneSql = "SELECT owner, name FROM audience_lists WHERE shard = $1 AND list = $2";

    private const string MembersSql = "SELECT person FROM audience_members WHERE shard = $1 AND list = $2 AND person > $3 ORDER BY person LIMIT $4";

    private const string OfSql = """
        SELECT l.list, l.name, (SELECT count(*) FROM audience_members m WHERE m.shard = l.shard AND m.list = l.list)
        FROM audience_lists l WHERE l.shard = $1 AND l.owner = $2 ORDER BY l.list
        """;

    private const string ContainsSql = """
        SELECT i.place FROM unnest($1, $2, $3) AS i(place, shard, list)
        JOIN audience_members m ON (m.shard, m.list, m.person) = (i.shard, i.list, $4)
        """;

    private const string ClosedSql = "SELECT 1 FROM closed WHERE person = ANY($1)";

    public static readonly Rejection NoSuchList = Rejection.NotFound("list");

    public async ValueTask<Result<AudienceListId>> AddAsync(UserId owner, string name, CancellationToken ct)
    {
        var shard = Shard.Of(owner);
        return await writes.CommitAsync(shard, () =>
        [
            Statement.Of(PeopleStore.StateSql).With(shard).With(owner.Value), Statement.Of(CountSql).With(shard).With(owner.Value),
        ], async (answers, draft) =>
        {
            if ((PersonState)await answers.OneAsync(row => row.GetInt16(0), CancellationToken.None) != PersonState.Here)
                return PeopleStore.NoSuchPerson;
            if (await answers.OneAsync(row => row.GetInt64(0), CancellationToken.None) >= limits.AudienceListsMax)
                return Rejection.Limit("too_many_lists", $"A person has at most {limits.AudienceListsMax} audience lists.");
            var list = new AudienceListId(draft.NextAudienceList());
            draft.Stage(Statement.Of(AddSql).With(shard).With((long)list.Value).With(owner.Value).With(Statement.Utf8(name)));
            return (Result<AudienceListId>)list;
        }, ct);
    }

    public async ValueTask<Result<bool>> RemoveAsync(UserId owner, AudienceListId list, CancellationToken ct)
    {
        var shard = Shard.Of(list);
        return await writes.CommitAsync(shard, () => [Statement.Of(OneSql).With(shard).With((long)list.Value)], async (answers, draft) =>
        {
            if (await answers.OneAsync(row => row.GetInt64(0), CancellationToken.None) is var found && (found == 0 || found != owner.Value))
                return NoSuchList;
            StageRemoval(draft, list.Value);
            return (Result<bool>)true;
        }, ct);
    }

    public async ValueTask<Result<AudienceList>> ChangeMembersAsync(
        UserId owner, AudienceListId list, ReadOnlyMemory<UserId> add, ReadOnlyMemory<UserId> remove, CancellationToken ct)
    {
        var shard = Shard.Of(list);
        var (added, removed) = (add.ToArray(), remove.ToArray());
        // Who is here may close meanwhile, but then their server, and this one, know it before they are looked for on any list.
        var allHere = !(await people.AreHereAsync(added, ct)).Contains(false);
        return await writes.CommitAsync(shard, () =>
        [
            Statement.Of(OneSql).With(shard).With((long)list.Value),
            Statement.Of(MembersSql).With(shard).With((long)list.Value).With(0L).With(int.MaxValue),
            Statement.Of(ClosedSql).With(Array.ConvertAll(added, person => person.Value)),
        ], async (answers, draft) =>
        {
            var row = await answers.OneAsync(row => new AudienceList(list, new UserId(row.GetInt64(0)), row.Text(1), 0), CancellationToken.None);
            var now = await answers.AllAsync(row => row.GetInt64(0), CancellationToken.None);
            if (row is null || row.Owner != owner)
                return NoSuchList;
            if (!allHere || await answers.AnyAsync(CancellationToken.None))
                return PeopleStore.NoSuchPerson;
            var next = now.Except(removed.Select(person => person.Value)).Union(added.Select(person => person.Value)).ToHashSet();
            if (next.Count > limits.AudienceMembersMax)
                return Rejection.Limit("list_full", $"An audience list has at most {limits.AudienceMembersMax} members.");
            StageMembers(draft, list, [.. now.Except(next)], [.. next.Except(now)]);
            return (Result<AudienceList>)(row with { Members = next.Count });
        }, ct);
    }

    public async ValueTask<IReadOnlyList<AudienceList>> OfAsync(UserId owner, CancellationToken ct)
    {
        var shard = Shard.Of(owner);
        return await reads.OneAsync(
            shard, () => Statement.Of(OfSql).With(shard).With(owner.Value),
            row => new AudienceList(new AudienceListId((uint)row.GetInt64(0)), owner, row.Text(1), (int)row.GetInt64(2)), ct);
    }

    public async ValueTask<int> MembersAsync(AudienceListId list, UserId after, Memory<UserId> into, CancellationToken ct)
    {
        var shard = Shard.Of(list);
        var members = await reads.OneAsync(
            shard, () => Statement.Of(MembersSql).With(shard).With((long)list.Value).With(after.Value).With(into.Length),
            row => new UserId(row.GetInt64(0)), ct);
        members.CopyTo(into.Span);
        return members.Count;
    }

    public async ValueTask ContainsAsync(UserId person, ReadOnlyMemory<AudienceListId> lists, Memory<bool> into, CancellationToken ct)
    {
        var ids = lists.ToArray();
        into.Span[..ids.Length].Clear();
        await reads.EachAsync(
            Array.ConvertAll(ids, Shard.Of), ContainsSql,
            (command, places) => command.With(Array.ConvertAll(places, place => (long)ids[place].Value)).With(person.Value),
            (_, place) => into.Span[place] = true, ct);
    }

    public static void StageRemoval(Draft draft, long list)
    {
        draft.Stage(Statement.Of("DELETE FROM audience_members WHERE shard = $1 AND list = $2").With(draft.Shard).With(list));
        draft.Stage(Statement.Of("DELETE FROM audience_lists WHERE shard = $1 AND list = $2").With(draft.Shard).With(list));
    }

    private static void StageMembers(Draft draft, AudienceListId list, long[] gone, long[] come)
    {
        if (gone.Length > 0)
        {
            draft.Stage(Statement.Of("DELETE FROM audience_members WHERE shard = $1 AND list = $2 AND person = ANY($3)")
                .With(draft.Shard).With((long)list.Value).With(gone));
        }
        if (come.Length > 0)
        {
            draft.Stage(Statement.Of("INSERT INTO audience_members SELECT $1, $2, unnest($3)")
                .With(draft.Shard).With((long)list.Value).With(come));
        }
    }
}
