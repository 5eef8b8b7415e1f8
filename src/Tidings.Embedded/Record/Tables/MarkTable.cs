using Tidings.Embedded.Record.Rows;
using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Tables;

/// <summary>Who marked what. Each page of a feed asks about 20 posts: memory holds the newest marks of those who asked lately.</summary>
internal sealed class MarkTable(Database database) : Table
{
    private const int KeptMax = 65_536;

    private readonly ReadThroughCache<UserId, PersonMarks> _kept = new(KeptMax);
    private readonly Dictionary<(UserId Person, Mark Mark, PostId Post), bool> _staged = [];

    public void Get(UserId person, Mark mark, ReadOnlySpan<PostId> posts, Span<bool> into)
    {
        var marked = _kept.Get(person, this, static (person, self) => self.ReadNewest(person))![mark];
        if (marked.IsNone)
        {
            into[..posts.Length].Clear();
            return;
        }
        for (var i = 0; i < posts.Length; i++)
            into[i] = marked.Contains(posts[i]) ?? IsStored(person, mark, posts[i]);
    }

    public bool Get(Draft _, UserId person, Mark mark, PostId post)
    {
        if (_staged.TryGetValue((person, mark, post), out var staged)) return staged;
        return _kept.Peek(person)?[mark].Contains(post) ?? IsStored(person, mark, post);
    }

    public void Set(Draft draft, UserId person, Mark mark, PostId post, bool on)
    {
        Span<byte> byPost = stackalloc byte[MarkRow.KeyBytes];
        Span<byte> byPerson = stackalloc byte[MarkRow.KeyBytes];
        MarkRow.PostKey(byPost, mark, post, (uint)person.Value);
        MarkRow.PersonKey(byPerson, mark, person, post);
        if (on)
        {
            draft.Put(byPost, MarkRow.Present, draft.Columns.Marks);
            draft.Put(byPerson, MarkRow.Present, draft.Columns.Marks);
        }
        else
        {
            draft.Delete(byPost, draft.Columns.Marks);
            draft.Delete(byPerson, draft.Columns.Marks);
        }
        _staged[(person, mark, post)] = on;
    }

    /// <summary>Who left the mark on a post, rising by id, after a person.</summary>
    public int Markers(PostId post, Mark mark, UserId after, Span<UserId> into)
    {
        if (after.Value >= uint.MaxValue) return 0;
        Span<byte> from = stackalloc byte[MarkRow.KeyBytes];
        MarkRow.PostKey(from, mark, post, (uint)Math.Max(0, after.Value) + 1);
        var prefix = from[..MarkRow.PostPrefixBytes];
        var written = 0;
        using var rows = database.Scan(database.Columns.Marks);
        for (rows.Seek(from); written < into.Length && rows.IsAt(prefix); rows.Next())
            into[written++] = MarkRow.PersonOfPostKey(rows.Key);
        return written;
    }

    /// <summary>The posts that somebody left the mark on, the newest first, older than a post.</summary>
    public int MarkedBy(UserId person, Mark mark, PostId before, Span<PostId> into)
    {
        if (before.Value <= 1) return 0;
        Span<byte> from = stackalloc byte[MarkRow.KeyBytes];
        MarkRow.PersonKey(from, mark, person, new PostId(before.Value - 1));
        var prefix = from[..MarkRow.PersonPrefixBytes];
        var written = 0;
        using var rows = database.Scan(database.Columns.Marks);
        for (rows.Seek(from); written < into.Length && rows.IsAt(prefix); rows.Next())
            into[written++] = MarkRow.PostOfPersonKey(rows.Key);
        return written;
    }

    public override void Publish(Draft draft)
    {
        foreach (var (key, on) in _staged)
            _kept.CommittedIfKept(key.Person, (key.Mark, key.Post, on), static (marks, change) => marks.With(change.Mark, change.Post, change.on));
        _staged.Clear();
    }

    private bool IsStored(UserId person, Mark mark, PostId post)
    {
        Span<byte> key = stackalloc byte[MarkRow.KeyBytes];
        return database.Get(MarkRow.PersonKey(key, mark, person, post), database.Columns.Marks) is not null;
    }

    private PersonMarks ReadNewest(UserId person)
    {
        using var rows = database.Scan(database.Columns.Marks);
        return new PersonMarks(
            ReadNewest(rows, person, Mark.Like), ReadNewest(rows, person, Mark.Share), ReadNewest(rows, person, Mark.Hide));
    }

    private static MarkedPosts ReadNewest(RowScan rows, UserId person, Mark mark)
    {
        Span<byte> from = stackalloc byte[MarkRow.KeyBytes];
        MarkRow.PersonKey(from, mark, person, PostId.Last);
        var prefix = from[..MarkRow.PersonPrefixBytes];
        var newest = new List<long>();
        for (rows.Seek(from); newest.Count < MarkedPosts.PostsMax && rows.IsAt(prefix); rows.Next())
            newest.Add(MarkRow.PostOfPersonKey(rows.Key).Value);
        newest.Reverse();
        return new MarkedPosts([.. newest], newest.Count < MarkedPosts.PostsMax ? 0 : newest[0]);
    }
}
