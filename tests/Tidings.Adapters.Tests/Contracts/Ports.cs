using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Import;
using Tidings.Live;
using Tidings.Notifications;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Adapters.Tests.Contracts;

/// <summary>
/// The ports of one adapter, on a record of their own that begins empty. What a profile doesn't keep isn't set, and no suite asks for it.
/// <para>Two things are promised by one profile and not by another. Where one writer decides, an event is in the log, and affinity at its reader, when the
/// answer is given; where several do, a moment later: <see cref="Settle"/> waits for that. And one writer numbers people without gaps; of several
/// who sign up at once for one handle, each may use up a number.</para>
/// </summary>
public sealed class Ports : IAsyncDisposable
{
    public required IPeopleStore People { get; init; }
    public required ICredentialStore Credentials { get; init; }
    public required IGraphStore Graph { get; init; }
    public required IAudienceStore Audiences { get; init; }
    public required IPostStore Posts { get; init; }
    public required IEngagementStore Engagement { get; init; }
    public required IAffinityStore Affinity { get; init; }
    public required IEventLog Events { get; init; }
    public required IFanOutModes Modes { get; init; }
    public IPersonalData PersonalData { get => Kept(field); init; } = null!;
    public ISeenPosts SeenPosts { get => Kept(field); init; } = null!;
    public INotificationStore Notifications { get => Kept(field); init; } = null!;
    public ISlateLog Slates { get => Kept(field); init; } = null!;
    public IRankingStore Ranking { get => Kept(field); init; } = null!;
    public IBulkLoad Bulk { get => Kept(field); init; } = null!;
    public IPresence Presence { get => Kept(field); init; } = null!;
    public IInboxes Inboxes { get => Kept(field); init; } = null!;
    public ISnapshots Snapshots { get => Kept(field); init; } = null!;

    /// <summary>What fan-out tells, so that it reaches those who are connected here.</summary>
    public Func<Announcer, LiveReaders, CancellationToken, Task<IAnnouncer>> AnnounceAsync { get; init; } = static (local, _, _) => Task.FromResult<IAnnouncer>(local);

    /// <summary>Several writers number people: where they race, numbers may be left out.</summary>
    public bool NumbersHaveGaps { get; init; }

    /// <summary>The shard in the ids of what a person makes.</summary>
    public Func<UserId, int> ShardOf { get; init; } = static _ => 0;

    /// <summary>Waits until what was answered is in the log, and has reached those whom it concerns.</summary>
    public Func<CancellationToken, Task> Settle { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Closes the adapter and removes what it stored.</summary>
    public required Func<ValueTask> Remove { get; init; }

    /// <summary>The log's end, once all that was answered is in it.</summary>
    public async ValueTask<long> EndAsync(CancellationToken ct)
    {
        await Settle(ct);
        return Events.End;
    }

    public ValueTask DisposeAsync() => Remove();

    private static T Kept<T>(T? port) where T : class => port ?? throw new NotSupportedException($"This profile keeps no {typeof(T).Name}.");
}
