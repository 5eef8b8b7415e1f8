using System.Text;
using Npgsql;

namespace Tidings.Postgres.Sharding;

/// <summary>Short words for statements with positional parameters. The types of the values are the types of the columns.</summary>
internal static class Statement
{
    public static NpgsqlBatchCommand Of(string sql) => new(sql);

    public static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(this NpgsqlDataReader row, int column) => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(column));

    public static byte[] Bytes(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);
}

/// <summary>The results of a batch, taken one after the other in the order of its statements.</summary>
internal sealed class Answers(NpgsqlDataReader reader)
{
    /// <returns>The first row, or the default where there is none.</returns>
    public async ValueTask<T?> OneAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var value = await reader.ReadAsync(ct) ? read(reader) : default;
        await reader.NextResultAsync(ct);
        return value;
    }

    public async ValueTask<bool> AnyAsync(CancellationToken ct) => await OneAsync(_ => true, ct);

    public async ValueTask<List<T>> AllAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        await reader.NextResultAsync(ct);
        return rows;
    }
}
