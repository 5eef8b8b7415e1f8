using System.Text;
using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Stores;
using Tidings.Embedded.Record.Tables;
using Tidings.Graph;
using Tidings.Import;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record;

/// <summary>
/// Imports: a batch is one decision of the writer. Follows go into memory too; posts go to disk alone and are in timelines and feeds after the
/// next start. No event tells of any of it. Limits of lists don't hold here; a block between two people does: their edge is passed over.
/// </summary>
internal sealed class BulkLoad(Writer writer, Database database, PeopleTable people, TieTable ties, AudienceTable audiences) : IBulkLoad
{
    private const byte Version = 1;
    private const int JobCharsMax = 200;

    public ValueTask<long> ReachedAsync(string job, CancellationToken ct)
    {
        if (database.Get(JobKey(job), database.Columns.Meta) is not { } value) return new(0L);
        var row = new RowReader("meta", value);
        row.Version(Version);
        return new(row.Int64());
    }

    public ValueTask<int> AddPeopleAsync(IReadOnlyList<NewPerson> newPeople, Memory<UserId> into, CancellationToken ct) =>
        writer.CommitAsync((people, newPeople, into), static (draft, state) =>
        {
            var added = 0;
            for (var i = 0; i < state.newPeople.Count; i++)
            {
                var person = state.newPeople[i];
                var known = state.people.Find(draft, person.Handle);
                state.into.Span[i] = known ?? PeopleStore.Add(draft, state.people, person);
                if (known is null) added++;
            }
            return added;
        }, ct);

    public async ValueTask StoreAsync(LoadBatch batch, CancellationToken ct)
    {
        var bodies = batch.Posts.Select(dated => BodyRow.Write(dated.Post.Body)).ToArray();
        await writer.CommitAsync((self: this, batch, bodies), static (draft, state) =>
        {
            state.self.Check(draft, state.batch);
            state.self.AddFollows(draft, state.batch.Follows);
            state.self.AddPosts(draft, state.batch.Posts, state.bodies);
            state.self.Reach(draft, state.batch);
            return true;
        }, ct);
    }

    private void Check(Draft draft, LoadBatch batch)
    {
        foreach (var (follower, followee) in batch.Follows)
        {
            if (!people.Exists(draft, follower) || !people.Exists(draft, followee))
                throw new ArgumentException($"The follow from {follower} to {followee} names a person who is not there.");
        }
        foreach (var (post, _) in batch.Posts)
        {
            if (!people.Exists(draft, post.Author))
                throw new ArgumentException($"A post names the author {post.Author}, who is not there.");
            if (post.Audience == Audience.Custom && audiences.Get(draft, post.List)?.Owner != post.Author)
                throw new ArgumentException($"A post of {post.Author} names the audience list {post.List}, which isn't the author's.");
        }
    }

    private void AddFollows(Draft draft, IReadOnlyList<(UserId Follower, UserId Followee)> follows)
    {
        var edges = new List<ulong>(follows.Count);
        foreach (var (follower, followee) in follows)
        {
            if (follower != followee && (ties.Get(draft, follower, followee) & (Tie.Blocks | Tie.BlockedBy)) == 0)
                edges.Add(((ulong)follower.Value << 32) | (uint)followee.Value);
        }
        edges.Sort();
        var followees = new List<uint>();
        for (var i = 0; i < edges.Count; i++)
        {
            if (i == 0 || edges[i] != edges[i - 1]) followees.Add((uint)edges[i]);
            if (i + 1 < edges.Count && edges[i + 1] >> 32 == edges[i] >> 32) continue;
            ties.AddFollows(draft, new UserId((long)(edges[i] >> 32)), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(followees));
            followees.Clear();
        }
    }

    private void AddPosts(Draft draft, IReadOnlyList<DatedPost> posts, byte[][] bodies)
    {
        if (posts.Count == 0) return;
        draft.Delete(ColdAuthorsRow.Key, draft.Columns.Meta);
        var ids = new DatedIds(database, draft);
        for (var i = 0; i < posts.Count; i++)
        {
            var post = posts[i].Post;
            var header = new PostHeader(
                ids.Next(posts[i].CreatedUnixMs), post.Author, post.Type, post.Audience, post.List, Deleted: false, Version: 1, EditedUnixMs: 0, default);
            PostTable.StoreOnly(draft, header, bodies[i]);
            PostTable.PutHeader(draft, header);
        }
    }

    private void Reach(Draft draft, LoadBatch batch)
    {
        Span<byte> value = stackalloc byte[1 + sizeof(long)];
        var row = new RowWriter(value);
        row.Byte(Version);
        row.Int64(batch.Line);
        draft.Put(JobKey(batch.Job), value, draft.Columns.Meta);
    }

    private static byte[] JobKey(string job)
    {
        if (job.Length is 0 or > JobCharsMax)
            throw new ArgumentException($"A job's name has 1 to {JobCharsMax} characters; this one has {job.Length}.", nameof(job));
        return Encoding.UTF8.GetBytes($"job/{job}");
    }
}
