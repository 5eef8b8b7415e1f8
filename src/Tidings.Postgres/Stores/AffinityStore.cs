using Npgsql;
using Tidings.Affinity;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <param name="Score">As <see cref="ForwardDecay"/> stores it.</param>
internal sealed record AffinityRow(UserId Reader, UserId Person, double Score, long ViewedMinute, long MessagedMinute)
{
    private const string SetSql = """
        INSERT INTO affinity VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (shard, reader, person) DO UPDATE
        SET score = excluded.score, viewed_minute = excluded.viewed_minute, messaged_minute = excluded.messaged_minute
        """;

    /// <summary>Past the most, the weakest are forgotten; those who were just met are kept.</summary>
    private const string TrimSql = """
        DELETE FROM affinity WHERE shard = $1 AND reader = $2 AND person IN (
            SELECT person FROM affinity WHERE shard = $1 AND reader = $2 ORDER BY person = ANY($3) DESC, score DESC, person OFFSET $4)
        """;

    public static AffinityRow Nothing(UserId reader, UserId person) => new(reader, person, ForwardDecay.Nothing, 0, 0);

    public static AffinityRow Read(NpgsqlDataReader row) =>
        new(new UserId(row.GetInt64(0)), new UserId(row.GetInt64(1)), row.GetDouble(2), row.GetInt64(3), row.GetInt64(4));

    public AffinityRow With(double weight, long unixMs) => this with { Score = ForwardDecay.Add(Score, weight, unixMs) };

    public static void Stage(Draft draft, IEnumerable<AffinityRow> changed)
    {
        foreach (var ofReader in changed.GroupBy(row => row.Reader))
        {
            foreach (var row in ofReader)
            {
                draft.Stage(Statement.Of(SetSql)
                    .With(draft.Shard).With(row.Reader.Value).With(row.Person.Value).With(row.Score).With(row.ViewedMinute).With(row.MessagedMinute));
            }
            draft.Stage(Statement.Of(TrimSql)
                .With(draft.Shard).With(ofReader.Key.Value).With(ofReader.Select(row => row.Person.Value).ToArray()).With(IAffinityStore.PeopleMax));
        }
    }
}

/// <summary>Affinity is in the reader's shard. What marks and comments add comes by the log, see <see cref="Log.AffinityCarrier"/>.</summary>
internal sealed class AffinityStore(RecordReads reads, RecordWrites writes, PeopleStore people) : IAffinityStore
{
    public const string OneSql =
        "SELECT reader, person, score, viewed_minute, messaged_minute FROM affinity WHERE shard = $1 AND reader = $2 AND person = $3";

    private const string ScoresSql = """
        SELECT i.place, a.score FROM unnest($1, $2, $3) AS i(place, shard, person)
        JOIN affinity a ON (a.shard, a.reader, a.person) = (i.shard, $4, i.person)
        """;

    private const string TopSql =
        "SELECT reader, person, score, viewed_minute, messaged_minute FROM affinity WHERE shard = $1 AND reader = $2 ORDER BY score DESC, person LIMIT $3";

    public async ValueTask ScoresAsync(UserId reader, ReadOnlyMemory<UserId> authors, long nowUnixMs, Memory<float> into, CancellationToken ct)
    {
        var ids = authors.ToArray();
        into.Span[..ids.Length].Clear();
        var shard = Shard.Of(reader);
        await reads.EachAsync(
            Array.ConvertAll(ids, _ => shard), ScoresSql,
            (command, places) => command.With(Array.ConvertAll(places, place => ids[place].Value)).With(reader.Value),
            (row, place) => into.Span[place] = (float)ForwardDecay.Score(row.GetDouble(1), nowUnixMs), ct);
    }

    public async ValueTask<int> TopAsync(UserId reader, long nowUnixMs, Memory<AffinityScore> into, CancellationToken ct)
    {
        var shard = Shard.Of(reader);
        var rows = await reads.OneAsync(
            shard, () => Statement.Of(TopSql).With(shard).With(reader.Value).With(into.Length), AffinityRow.Read, ct);
        for (var i = 0; i < rows.Count; i++)
            into.Span[i] = new AffinityScore(rows[i].Person, ForwardDecay.Score(rows[i].Score, nowUnixMs));
        return rows.Count;
    }

    public async ValueTask<Result<bool>> MeetAsync(UserId actor, UserId other, Encounter encounter, CancellationToken ct)
    {
        if (actor == other || (await people.AreHereAsync([actor, other], ct)).Contains(false))
            return PeopleStore.NoSuchPerson;
        var shard = Shard.Of(actor);
        return await writes.CommitAsync(shard, () =>
        [
            Statement.Of("SELECT 1 FROM closed WHERE person = ANY($1)").With(new[] { actor.Value, other.Value }),
            Statement.Of(OneSql).With(shard).With(actor.Value).With(other.Value),
        ], async (answers, draft) =>
        {
            if (await answers.AnyAsync(CancellationToken.None))
                return PeopleStore.NoSuchPerson;
            var row = await answers.OneAsync(AffinityRow.Read, CancellationToken.None) ?? AffinityRow.Nothing(actor, other);
            var minute = (draft.NowUnixMs - TimeOrderedId.EpochUnixMs) / 60_000;
            var last = encounter == Encounter.Message ? row.MessagedMinute : row.ViewedMinute;
            if (last != 0 && minute < last + Encounters.GapMinutes(encounter))
                return (Result<bool>)false;
            row = row.With(Encounters.WeightOf(encounter), draft.NowUnixMs);
            AffinityRow.Stage(draft, [encounter == Encounter.Message ? row with { MessagedMinute = minute } : row with { ViewedMinute = minute }]);
            var kind = encounter == Encounter.Message ? EventKind.Messaged : EventKind.ProfileViewed;
            draft.Tell(kind, actor, other, PostId.None, 0);
            return (Result<bool>)true;
        }, ct);
    }
}
