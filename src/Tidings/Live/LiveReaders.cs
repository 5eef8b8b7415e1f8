using Tidings.People;

namespace Tidings.Live;

/// <summary>The readers who are here, each with the events of late.</summary>
public sealed class LiveReaders(TimeProvider clock, LiveOptions options)
{
    public TimeProvider Clock { get; } = clock;

    public LiveOptions Options { get; } = options;

    /// <summary>Tells a reader on all open connections. Never waits; costs one look-up where the reader isn't here. The caller has made sure
    /// that the reader may know of the post; it is looked at again when it leaves.</summary>
    public void Send(UserId reader, in LiveEvent happened)
    {
    }

    /// <summary>Looks again at what a reader may see and at the credentials that each connection came with: call it after a block, a mute, a
    /// sign-out, an erasure, once it is in the record. Never waits.</summary>
    public void Recheck(UserId reader)
    {
    }
}
