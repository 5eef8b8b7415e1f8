namespace Tidings.Postgres.Sharding;

/// <summary>What a server has of a shard. The numbers are part of the stored format; a server that never had it has no row.</summary>
internal enum ShardState : short
{
    /// <summary>Not here: on its way in, or left behind by a move.</summary>
    Away = 0,
    Here = 1,
    /// <summary>Being copied to another server: it may be read and not changed.</summary>
    Leaving = 2,
}
