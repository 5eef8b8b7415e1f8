using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Import;

/// <summary>An activity log → the posts that <see cref="ActivityPosts"/> makes of it, and everyone whom it names.</summary>
internal sealed class ActivityImport(ImportRun run, ExternalPeople people, string handlePrefix)
{
    private const int LinesPerBatchMax = 16 * 1024;

    public async Task<long> RunAsync(long nowUnixMs, CancellationToken ct)
    {
        var reader = new ActivityReader(run.Content, run.Bad, nowUnixMs);
        var made = new ActivityPosts();
        var lines = new ActivityLine[LinesPerBatchMax];
        var posts = new List<DatedPost>(LinesPerBatchMax);
        int read;
        do
        {
            read = reader.Read(lines);
            foreach (ref readonly var line in lines.AsSpan(0, read))
            {
                people.Name(line.Actor);
                people.Name(line.Target);
            }
            await people.AddNamedAsync(ct);
            posts.Clear();
            foreach (ref readonly var line in lines.AsSpan(0, read))
            {
                var step = made.Next(line);
                if (step.IsNew && !run.IsStored(line.Line))
                    posts.Add(Post(people[step.Author], line));
            }
            await run.StoreAsync(posts.Count, reader.Line, [], posts, ct);
        }
        while (read == lines.Length);
        return reader.Line;
    }

    private DatedPost Post(UserId author, in ActivityLine line)
    {
        var body = new PostBody(ActivityPosts.Text(line, handlePrefix), []);
        return new DatedPost(new NewPost(author, PostType.Text, Audience.Public, default(AudienceListId), body), line.UnixMs);
    }
}
