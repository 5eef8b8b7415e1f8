using Tidings.Embedded;
using Tidings.Events;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// Reads the whole log of events from a closed record and holds it against the ledger: no gap, and each change once. A counter that is right
/// beside a log that is not would mean that they were not written together.
/// </summary>
internal sealed class EventComparison(Ledger ledger)
{
    /// <returns>How many events there are.</returns>
    public async Task<long> CompareAsync(string folder, CancellationToken ct)
    {
        var options = new EmbeddedOptions { DataFolder = folder, FreeBytesMin = 0 };
        await using var profile = await EmbeddedProfile.OpenAsync(options, TimeProvider.System, progress: null, ct);
        var events = await ReadAllAsync(profile.Events, ct);

        var posts = ledger.Posts.All;
        Same(posts.Select(post => post.Id), events.Where(e => e.Kind == EventKind.PostPublished).Select(e => e.Post.ToString()), "published posts");
        Same(posts.Where(post => post.Life.Known == Life.Deleted).Select(post => post.Id),
            events.Where(e => e.Kind == EventKind.PostDeleted).Select(e => e.Post.ToString()), "deleted posts");
        Same(ledger.People.All.Select(person => person.Id),
            events.Where(e => e.Kind == EventKind.PersonJoined).Select(e => e.Actor.ToString()), "people who joined");
        CompareMarks(events);
        return events.Count;
    }

    private static async Task<List<Event>> ReadAllAsync(IEventLog log, CancellationToken ct)
    {
        var all = new List<Event>();
        var batch = new Event[1_024];
        while (all.Count < log.End)
        {
            var count = await log.ReadAsync(all.Count, batch, ct);
            foreach (var one in batch.AsSpan(0, count))
            {
                all.Add(one);
                if (one.Position != all.Count)
                    throw new WrongAnswerException($"The event after {all.Count - 1} has the position {one.Position}.");
            }
        }
        return all;
    }

    /// <summary>A mark is left and taken back in turn; a change that changed nothing has no event.</summary>
    private static void CompareMarks(List<Event> events)
    {
        var marked = new HashSet<(string, string)>();
        foreach (var e in events.Where(e => e.Kind == EventKind.MarkChanged))
        {
            var mark = (e.Actor.ToString(), e.Post.ToString());
            if ((e.Detail & 256) != 0 ? !marked.Add(mark) : !marked.Remove(mark))
                throw new WrongAnswerException($"Event {e.Position} changes a mark that is so already: {e}");
        }
    }

    private static void Same(IEnumerable<string> expected, IEnumerable<string> found, string what)
    {
        var told = found.ToList();
        var known = expected.ToHashSet();
        if (told.Count != known.Count || !known.SetEquals(told))
            throw new WrongAnswerException($"{what}: the ledger has {known.Count}, the log {told.Count}; missing there [{string.Join(", ", known.Except(told).Take(10))}]");
    }
}
