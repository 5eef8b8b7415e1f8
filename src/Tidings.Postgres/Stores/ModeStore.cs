using Tidings.Feeds;
using Tidings.People;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

internal sealed class ModeStore(RecordReads reads, RecordWrites writes) : IFanOutModes
{
    private const string GetSql =
        "SELECT i.place, m.mode FROM unnest($1, $2, $3) AS i(place, shard, author) JOIN fan_out_modes m ON (m.shard, m.author) = (i.shard, i.author)";

    private const string SetSql =
        "INSERT INTO fan_out_modes VALUES ($1, $2, $3) ON CONFLICT (shard, author) DO UPDATE SET mode = excluded.mode";

    public async ValueTask ModesAsync(ReadOnlyMemory<UserId> authors, Memory<FanOutMode> into, CancellationToken ct)
    {
        var ids = authors.ToArray();
        into.Span[..ids.Length].Clear();
        await reads.EachAsync(
            Array.ConvertAll(ids, Shard.Of), GetSql, (command, places) => command.With(Array.ConvertAll(places, place => ids[place].Value)),
            (row, place) => into.Span[place] = (FanOutMode)row.GetInt16(1), ct);
    }

    public async ValueTask SetAsync(UserId author, FanOutMode mode, CancellationToken ct) =>
        await writes.StoreAsync(Shard.Of(author), draft => draft.Stage(Statement.Of(SetSql).With(draft.Shard).With(author.Value).With((short)mode)), ct);
}
