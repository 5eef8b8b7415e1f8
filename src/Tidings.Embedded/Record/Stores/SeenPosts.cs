using Tidings.Embedded.Record.Tables;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

internal sealed class SeenPosts(Writer writer, PeopleTable people, ImpressionTable impressions, TimeProvider clock) : ISeenPosts
{
    public ValueTask SeenAsync(UserId reader, ReadOnlyMemory<PostId> posts, Memory<bool> into, CancellationToken ct)
    {
        if (people.Exists(reader))
            impressions.Seen(reader, clock.GetUtcNow().ToUnixTimeMilliseconds(), posts.Span, into.Span);
        else
            into.Span[..posts.Length].Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask<Result<bool>> NoteAsync(UserId reader, ReadOnlyMemory<Impression> shown, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfZero(shown.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shown.Length, ReportImpressions.ItemsMax);
        return writer.CommitAsync((people, impressions, reader, shown), static (draft, state) =>
        {
            if (!state.people.Exists(draft, state.reader))
                return Rejection.NotFound("person");
            var told = draft.Tell(EventKind.PostsShown, state.reader, state.reader, PostId.None, state.shown.Length);
            state.impressions.Add(draft, told, state.shown.Span);
            return (Result<bool>)true;
        }, ct);
    }

    public ValueTask<IReadOnlyList<Impression>> ReportAsync(Event told, CancellationToken ct) => new(impressions.Report(told));
}
