using System.Security.Cryptography;
using RocksDbSharp;
using Tidings.Embedded.Record.Rows;
using Tidings.People;

namespace Tidings.Embedded.Record;

/// <summary>What "meta" says when a record opens: how far everything has come, and the secrets, made at the first start.</summary>
internal sealed record RecordState(ReachedRow Reached, byte[] CursorKey)
{
    private const int CursorKeyBytes = 32;

    private static ReadOnlySpan<byte> CursorKeyName => "cursor-key"u8;

    public static RecordState Make(Database database)
    {
        var made = new RecordState(default, RandomNumberGenerator.GetBytes(CursorKeyBytes));
        using var batch = new WriteBatch();
        Span<byte> reached = stackalloc byte[ReachedRow.Bytes];
        batch.Put(ReachedRow.Key, made.Reached.Write(reached), database.Columns.Meta);
        batch.Put(CursorKeyName, (byte[])[1, .. made.CursorKey], database.Columns.Meta);
        database.Write(batch, sync: true);
        return made;
    }

    /// <exception cref="RecordDamagedException">Something is missing, or the tables have not come as far as "meta" says.</exception>
    public static RecordState Read(Database database)
    {
        if (database.Get(ReachedRow.Key, database.Columns.Meta) is not { } reached)
            throw new RecordDamagedException(database.Folder, "How far it had come is not there.");
        if (database.Get(CursorKeyName, database.Columns.Meta) is not [1, .. { Length: CursorKeyBytes } cursorKey])
            throw new RecordDamagedException(database.Folder, "The cursor key is not there.");
        var state = new RecordState(ReachedRow.Read(reached), cursorKey);
        state.Check(database);
        return state;
    }

    private void Check(Database database)
    {
        var person = database.LastKey(database.Columns.People) is { Length: > 0 } key ? new RowReader("people", key).UInt32() : 0;
        if (person != Reached.Person)
            throw new RecordDamagedException(database.Folder, $"The newest person is {person}; {new UserId(Reached.Person)} joined.");
        var post = database.LastKey(database.Columns.Headers) is { Length: > 0 } header ? HeaderRow.ReadKey(header).Value : 0;
        if (post > Reached.TimeOrderedId)
            throw new RecordDamagedException(database.Folder, $"The newest post is {post}; ids had come to {Reached.TimeOrderedId}.");
    }
}
