using RocksDbSharp;
using Tidings.Embedded.Record.Rows;

namespace Tidings.Embedded.Record;

/// <summary>
/// Where everybody's comments are: rows that a record from before they were written gets when it opens. Meta says that they are there:
/// <code>
/// key    "comment-places"
/// value  version (1, = 1)
/// </code>
/// </summary>
internal static class CommentPlaces
{
    private const int RowsPerBatch = 10_000;

    private static ReadOnlySpan<byte> Key => "comment-places"u8;

    public static void Ensure(Database database, CancellationToken ct)
    {
        if (database.Get(Key, database.Columns.Meta) is not null)
            return;
        using var batch = new WriteBatch();
        Span<byte> key = stackalloc byte[CommentRow.PlaceKeyBytes];
        Span<byte> place = stackalloc byte[CommentRow.PlaceBytes];
        using var rows = database.ScanAll(database.Columns.Comments);
        for (rows.SeekToFirst(); rows.Valid && !CommentRow.IsPlace(rows.Key); rows.Next())
        {
            var row = CommentRow.Read(rows.Value);
            if (row.Deleted)
                continue;
            var post = new Tidings.Posts.PostId(new RowReader("comments", rows.Key).Int64());
            batch.Put(CommentRow.PlaceKey(key, row.Author, CommentRow.CommentOf(rows.Key)), CommentRow.WritePlace(place, post), database.Columns.Comments);
            if (batch.Count() < RowsPerBatch)
                continue;
            ct.ThrowIfCancellationRequested();
            database.Write(batch, sync: false);
            batch.Clear();
        }
        batch.Put(Key, [1], database.Columns.Meta);
        database.Write(batch, sync: true);
    }
}
