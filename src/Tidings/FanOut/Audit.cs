using System.Collections.Immutable;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.FanOut;

public enum AuditState : byte { Running, Done, Cancelled }

/// <summary>Entries that an inbox has and a fresh pull has not.</summary>
/// <param name="Unfollowed">By authors whom the reader doesn't follow any more.</param>
/// <param name="Deleted">Of posts that are gone.</param>
/// <param name="Pulled">By authors who are not, or not only, pushed any more.</param>
/// <param name="Unexplained">None of these: the author's timeline lacks the post.</param>
public readonly record struct AuditExtra(long Unfollowed, long Deleted, long Pulled, long Unexplained);

/// <summary>A reader whose inbox lacks something.</summary>
/// <param name="Examples">Of the missing posts, the newest first.</param>
public sealed record AuditedReader(UserId Reader, int Expected, int Missing, bool Repaired, ImmutableArray<PostId> Examples);

/// <summary>What an audit has found so far.</summary>
/// <param name="Compared">Readers who had an inbox.</param>
/// <param name="Missing">Entries that the inboxes lack although fan-out has passed them.</param>
/// <param name="Rechecked">Entries that were missing at first and no more when fan-out had passed them.</param>
public sealed record AuditFigures(int Looked, int Compared, long Present, long Missing, AuditExtra Extra, long Rechecked, ImmutableList<AuditedReader> Incomplete)
{
    public static readonly AuditFigures None = new(0, 0, 0, 0, default, 0, []);

    public long Expected => Present + Missing;

    /// <summary>0 to 1, and 1 where nothing was expected.</summary>
    public double Completeness => Expected == 0 ? 1 : (double)Present / Expected;
}

/// <summary>An audit on its way. Whoever looks sees it as it was a moment ago.</summary>
/// <param name="readers">Whom it looks at.</param>
/// <param name="repair">Whether inboxes that lack something are dropped at once.</param>
public sealed class Audit(long id, IReadOnlyList<UserId> readers, bool repair, long startedUnixMs)
{
    private volatile AuditFigures _figures = AuditFigures.None;
    private long _endedUnixMs;
    private int _state;

    public long Id => id;

    public IReadOnlyList<UserId> Readers => readers;

    public bool Repair => repair;

    public long StartedUnixMs => startedUnixMs;

    /// <summary>0 while it runs.</summary>
    public long EndedUnixMs => Volatile.Read(ref _endedUnixMs);

    public AuditState State => (AuditState)Volatile.Read(ref _state);

    public AuditFigures Figures => _figures;

    internal void Tell(AuditFigures figures) => _figures = figures;

    internal void End(AuditState state, long unixMs)
    {
        Volatile.Write(ref _endedUnixMs, unixMs);
        Volatile.Write(ref _state, (int)state);
    }
}
