using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record;

/// <summary>
/// What is left of a closed person, kind by kind. What to remove is looked for outside the writer's turn: nobody can add to it any more. Counters,
/// ties on the other side and events change in the same commit as always, so no reader ever sees a like that is counted and not there.
/// </summary>
internal sealed class Remains(Writer writer, RecordTables tables)
{
    public const int RowsPerDecision = 200;

    private static readonly TieList[] Lists = Enum.GetValues<TieList>();

    /// <returns>False where nothing was found.</returns>
    public async ValueTask<bool> RemoveSomeAsync(UserId person, CancellationToken ct) =>
        await PostsAsync(person, ct) || await CommentsAsync(person, ct) || await MarksAsync(person, ct) || await TiesAsync(person, ct)
        || await MutesAsync(person, ct) || await OwnListsAsync(person, ct) || await OthersListsAsync(person, ct)
        || await ClaimsAsync(person, ct) || await AffinityAsync(person, ct)
        || await NotificationsAsync(person, ct) || await ImpressionsAsync(person, ct);

    private async ValueTask<bool> PostsAsync(UserId person, CancellationToken ct)
    {
        var found = new PostId[RowsPerDecision];
        var count = tables.Posts.Older(person, PostId.Last, found);
        return count > 0 && await writer.CommitAsync((tables.Posts, person, posts: found.AsMemory(0, count)), static (draft, state) =>
        {
            foreach (var post in state.posts.Span)
            {
                var header = state.Posts.Get(draft, post);
                state.Posts.Delete(draft, header with { Id = post, Author = state.person });
                CommentTable.DeleteAll(draft, post);
                draft.Tell(EventKind.PostDeleted, state.person, state.person, post, 0);
            }
            return true;
        }, ct);
    }

    private async ValueTask<bool> CommentsAsync(UserId person, CancellationToken ct)
    {
        var found = tables.Comments.PlacesOf(person, RowsPerDecision);
        return found.Count > 0 && await writer.CommitAsync((tables, person, found), static (draft, state) =>
        {
            foreach (var (post, comment) in state.found)
            {
                var header = state.tables.Posts.Get(draft, post);
                if (state.tables.Comments.Get(draft, post, comment) is not { Deleted: false } row || !header.Exists)
                {
                    CommentTable.ForgetPlace(draft, state.person, comment);
                    continue;
                }
                state.tables.Comments.Set(draft, post, comment, row with { Deleted = true, Text = "" });
                state.tables.Posts.Set(draft, header with { Counts = header.Counts with { Comments = header.Counts.Comments - 1 } });
                draft.Tell(EventKind.CommentDeleted, state.person, header.Author, post, comment.Value);
            }
            return true;
        }, ct);
    }

    private async ValueTask<bool> MarksAsync(UserId person, CancellationToken ct)
    {
        foreach (var mark in Enum.GetValues<Mark>())
        {
            var found = new PostId[RowsPerDecision];
            var count = tables.Marks.MarkedBy(person, mark, PostId.Last, found);
            if (count == 0) continue;
            return await writer.CommitAsync((tables, person, mark, posts: found.AsMemory(0, count)), static (draft, state) =>
            {
                foreach (var post in state.posts.Span)
                    TakeBack(draft, state.tables, state.person, state.mark, post);
                return true;
            }, ct);
        }
        return false;
    }

    private static void TakeBack(Draft draft, RecordTables tables, UserId person, Mark mark, PostId post)
    {
        tables.Marks.Set(draft, person, mark, post, on: false);
        var header = tables.Posts.Get(draft, post);
        if (!header.Exists) return;
        if (mark == Mark.Like)
            tables.Posts.Set(draft, header with { Counts = header.Counts with { Likes = header.Counts.Likes - 1 } });
        if (mark == Mark.Share)
            tables.Posts.Set(draft, header with { Counts = header.Counts with { Shares = header.Counts.Shares - 1 } });
        draft.Tell(EventKind.MarkChanged, person, header.Author, post, (byte)mark);
    }

    private ValueTask<bool> TiesAsync(UserId person, CancellationToken ct)
    {
        var found = new UserId[RowsPerDecision];
        foreach (var list in Lists)
        {
            var count = tables.Ties.Memory.CopyList(person, list, default, found);
            if (count > 0) return CutAsync(person, found.AsMemory(0, count), ct);
        }
        return new(false);
    }

    /// <summary>Nobody knows by whom they are muted, the record neither: everybody is asked.</summary>
    private ValueTask<bool> MutesAsync(UserId person, CancellationToken ct)
    {
        var found = new List<UserId>();
        for (var other = 1u; other <= tables.People.Count && found.Count < RowsPerDecision; other++)
        {
            if ((tables.Ties.Memory.Get(new UserId(other), person) & Tie.Mutes) != 0) found.Add(new UserId(other));
        }
        return found.Count > 0 ? CutAsync(person, found.ToArray(), ct) : new(false);
    }

    private ValueTask<bool> CutAsync(UserId person, ReadOnlyMemory<UserId> others, CancellationToken ct) =>
        writer.CommitAsync((tables.Ties, person, others), static (draft, state) =>
        {
            foreach (var other in state.others.Span)
            {
                var before = state.Ties.Get(draft, state.person, other);
                state.Ties.Set(draft, state.person, other, Tie.None, Tie.None);
                draft.Tell(EventKind.TieChanged, state.person, other, PostId.None, (long)before | ((long)TieAction.Erase << 32));
            }
            return true;
        }, ct);

    private async ValueTask<bool> OwnListsAsync(UserId person, CancellationToken ct) =>
        tables.Audiences.OwnedBy(person).Length > 0 && await writer.CommitAsync((tables.Audiences, person), static (draft, state) =>
        {
            foreach (var list in state.Audiences.OwnedBy(draft, state.person))
                state.Audiences.Set(draft, new AudienceListId(list), null);
            state.Audiences.SetOwned(draft, state.person, []);
            return true;
        }, ct);

    /// <summary>Lists of others with the person on them: all lists are looked through.</summary>
    private async ValueTask<bool> OthersListsAsync(UserId person, CancellationToken ct)
    {
        var found = tables.Audiences.Containing(person, RowsPerDecision, ct);
        return found.Count > 0 && await writer.CommitAsync((tables.Audiences, person, found), static (draft, state) =>
        {
            foreach (var list in state.found)
            {
                if (state.Audiences.Get(draft, list) is { } row)
                    state.Audiences.Set(draft, list, row with { Members = [.. row.Members.Where(member => member != state.person.Value)] });
            }
            return true;
        }, ct);
    }

    private async ValueTask<bool> ClaimsAsync(UserId person, CancellationToken ct)
    {
        var found = tables.Claims.KeysOf(person, RowsPerDecision);
        return found.Count > 0 && await writer.CommitAsync(found, static (draft, found) =>
        {
            foreach (var key in found)
                draft.Delete(key, draft.Columns.Idempotency);
            return true;
        }, ct);
    }

    private async ValueTask<bool> AffinityAsync(UserId person, CancellationToken ct) =>
        tables.Affinity.Get(person).Count > 0 && await writer.CommitAsync((tables.Affinity, person), static (draft, state) =>
        {
            state.Affinity.Forget(draft, state.person);
            return true;
        }, ct);

    /// <summary>What the person was told. What others were told of the person goes with the events of all the rest.</summary>
    private async ValueTask<bool> NotificationsAsync(UserId person, CancellationToken ct) =>
        tables.Notifications.Get(person) is not { Groups.Count: 0, ReadTo: 0 } && await writer.CommitAsync((tables.Notifications, person), static (draft, state) =>
            state.Notifications.Set(draft, state.person, NotificationList.Empty), ct);

    private async ValueTask<bool> ImpressionsAsync(UserId person, CancellationToken ct)
    {
        var found = tables.Impressions.DaysOf(person);
        return found.Count > 0 && await writer.CommitAsync((person, found), static (draft, state) =>
        {
            foreach (var day in state.found)
                ImpressionTable.Forget(draft, state.person, day);
            return true;
        }, ct);
    }
}
