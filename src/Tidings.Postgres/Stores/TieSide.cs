using Npgsql;
using Tidings.Graph;
using Tidings.People;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>What one person's shard has about the tie to another, read under the lock: both views, their version, and how full the person's lists are.</summary>
internal sealed record TieSide(UserId Person, UserId Other, bool IsHere, Tie Tie, Tie OthersTie, long Version, int[] Counts)
{
    private const int Lists = 9;

    public const string CountsSql = "SELECT counts FROM tie_counts WHERE shard = $1 AND person = $2";

    private const string TieSql = "SELECT tie, others_tie, version FROM ties WHERE shard = $1 AND person = $2 AND other = $3";

    private const string SetSql = """
        INSERT INTO ties VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (shard, person, other) DO UPDATE SET tie = excluded.tie, others_tie = excluded.others_tie, version = excluded.version
        """;

    private const string SetCountsSql =
        "INSERT INTO tie_counts VALUES ($1, $2, $3) ON CONFLICT (shard, person) DO UPDATE SET counts = excluded.counts";

    public static NpgsqlBatchCommand[] Ask(UserId person, UserId other)
    {
        var shard = Shard.Of(person);
        return
        [
            Statement.Of("SELECT $1, $2").With(person.Value).With(other.Value),
            Statement.Of(PeopleStore.StateSql).With(shard).With(person.Value),
            Statement.Of(TieSql).With(shard).With(person.Value).With(other.Value),
            Statement.Of(CountsSql).With(shard).With(person.Value),
        ];
    }

    public static async ValueTask<TieSide> TakeAsync(Answers answers)
    {
        var (person, other) = await answers.OneAsync(row => (row.GetInt64(0), row.GetInt64(1)), CancellationToken.None);
        var state = (PersonState)await answers.OneAsync(row => row.GetInt16(0), CancellationToken.None);
        var (tie, others, version) = await answers.OneAsync(row => ((Tie)row.GetInt16(0), (Tie)row.GetInt16(1), row.GetInt64(2)), CancellationToken.None);
        var counts = await answers.OneAsync(row => row.GetFieldValue<int[]>(0), CancellationToken.None) ?? new int[Lists];
        return new TieSide(new UserId(person), new UserId(other), state == PersonState.Here, tie, others, version, counts);
    }

    /// <summary>What the two are to each other: as the side of the higher version has it.</summary>
    public static (Tie Mine, Tie Theirs) Agreed(TieSide one, TieSide two) =>
        one.Version >= two.Version ? (one.Tie, one.OthersTie) : (two.OthersTie, two.Tie);

    public bool Is(Tie mine, Tie theirs) => Tie == mine && OthersTie == theirs;

    /// <summary>The row stays even where nothing is left between the two: its version must not begin anew.</summary>
    public void Stage(Draft draft, Tie mine, Tie theirs, long version)
    {
        draft.Stage(Statement.Of(SetSql)
            .With(draft.Shard).With(Person.Value).With(Other.Value).With((short)mine).With((short)theirs).With(version));
        StageCounts(draft, mine);
    }

    /// <summary>For one who is closed: nothing can begin anew between the two.</summary>
    public void StageRemoval(Draft draft)
    {
        draft.Stage(Statement.Of("DELETE FROM ties WHERE shard = $1 AND person = $2 AND other = $3")
            .With(draft.Shard).With(Person.Value).With(Other.Value));
        StageCounts(draft, Tie.None);
    }

    private void StageCounts(Draft draft, Tie mine)
    {
        if (mine == Tie)
            return;
        var counts = (int[])Counts.Clone();
        for (var place = 0; place < Lists; place++)
            counts[place] += ((int)mine >> place & 1) - ((int)Tie >> place & 1);
        draft.Stage(Statement.Of(SetCountsSql).With(draft.Shard).With(Person.Value).With(counts));
    }
}
