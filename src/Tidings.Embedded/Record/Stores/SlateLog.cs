using Tidings.Embedded.Record.Rows;
using Tidings.Ranking;

namespace Tidings.Embedded.Record.Stores;

/// <summary>Slates go through the writer like all else, and nothing of them stays in memory: who reads them reads the disk.</summary>
internal sealed class SlateLog(Writer writer, Database database) : ISlateLog
{
    public async ValueTask AppendAsync(IReadOnlyList<Slate> slates, CancellationToken ct) =>
        await writer.CommitAsync(slates, static (draft, slates) =>
        {
            Span<byte> key = stackalloc byte[SlateRow.KeyBytes];
            foreach (var slate in slates)
            {
                using var room = new Room(SlateRow.BytesMax(slate));
                draft.Put(SlateRow.Key(key, draft.NextTimeOrderedId()), SlateRow.Write(room.Span, slate), draft.Columns.Slates);
            }
            return true;
        }, ct);

    public ValueTask<IReadOnlyList<LoggedSlate>> ReadAsync(long after, int max, CancellationToken ct)
    {
        var read = new List<LoggedSlate>();
        Span<byte> from = stackalloc byte[SlateRow.KeyBytes];
        using var rows = database.Scan(database.Columns.Slates);
        for (rows.Seek(SlateRow.Key(from, after + 1)); read.Count < max && rows.Valid; rows.Next())
        {
            if (SlateRow.Read(rows.Value) is { } slate)
                read.Add(new LoggedSlate(SlateRow.ReadKey(rows.Key), slate));
        }
        return new(read);
    }
}
