namespace Tidings.Postgres.Stores;

/// <summary>How far a person's row has come. The numbers are part of the stored format.</summary>
internal enum PersonState : short
{
    /// <summary>Signing up: nobody sees them. They are here when all that must be theirs alone is.</summary>
    Joining = 0,
    Here = 1,
    /// <summary>Closed by their own shard; the other servers are being told.</summary>
    Closing = 2,
    /// <summary>Every server knows: nothing can be added any more.</summary>
    Closed = 3,
    Erased = 4,
}
