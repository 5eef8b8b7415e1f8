namespace Tidings.Postgres;

/// <summary>The record can't be opened as it is. The message says what to do.</summary>
public sealed class PostgresRecordException(string message) : Exception(message);

/// <summary>A shard was between two servers for too long: the move was given up half-way. Move it again.</summary>
public sealed class ShardNotHereException(int shard) : Exception($"Shard {shard} is on no server at present: finish moving it.")
{
    public int Shard { get; } = shard;
}
