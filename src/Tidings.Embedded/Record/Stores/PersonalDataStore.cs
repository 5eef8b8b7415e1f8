using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

/// <summary>
/// Everything of one person, by the indexes that go out from a person. Each call of <see cref="EraseSomeAsync"/> takes the first kind of thing that is
/// still there and removes at most <see cref="Remains.RowsPerDecision"/> of it, so nothing has to be remembered between two calls and a crash
/// loses no place.
/// </summary>
internal sealed class PersonalDataStore(Writer writer, RecordTables tables, Remains remains) : IPersonalData
{
    public ValueTask<IReadOnlyList<Comment>> CommentsAsync(UserId person, CommentId before, int max, CancellationToken ct) =>
        new(tables.People.Exists(person) ? tables.Comments.By(person, before, max) : []);

    public ValueTask<int> MarkedAsync(UserId person, Mark mark, PostId before, Memory<PostId> into, CancellationToken ct) =>
        new(tables.People.Exists(person) ? tables.Marks.MarkedBy(person, mark, before, into.Span) : 0);

    public ValueTask<bool> CloseAsync(UserId person, CancellationToken ct) =>
        writer.CommitAsync((tables, person), static (draft, state) =>
        {
            var (tables, person) = state;
            if (tables.People.Get(draft, person) is not { } row || !tables.People.Exists(draft, person))
                return false;
            foreach (var token in tables.Credentials.Of(draft, person))
                tables.Credentials.Remove(draft, token);
            tables.People.Set(draft, row with { PasswordHash = [] });
            tables.Erased.Set(draft, person, ErasureStage.Closed);
            return true;
        }, ct);

    public ValueTask<bool> EraseSomeAsync(UserId person, CancellationToken ct) =>
        tables.Erased.At(ErasureStage.Closed).Contains(person) ? EraseNextAsync(person, ct) : new(false);

    public ValueTask<IReadOnlyList<UserId>> ClosedAsync(CancellationToken ct) => new(tables.Erased.At(ErasureStage.Closed));

    private async ValueTask<bool> EraseNextAsync(UserId person, CancellationToken ct)
    {
        if (await remains.RemoveSomeAsync(person, ct))
            return true;
        return await writer.CommitAsync((tables, person), static (draft, state) =>
        {
            var (tables, person) = state;
            if (tables.Erased.IsErased(draft, person))
                return false;
            foreach (var token in tables.Credentials.Of(draft, person))
                tables.Credentials.Remove(draft, token);
            tables.People.Erase(draft, person);
            tables.Erased.Set(draft, person, ErasureStage.Erased);
            draft.Tell(EventKind.PersonErased, person, person, PostId.None, 0);
            return false;
        }, ct);
    }
}
