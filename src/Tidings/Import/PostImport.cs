using Tidings.People;
using Tidings.Posts;

namespace Tidings.Import;

/// <summary>Posts with their own time. A post of someone who isn't there is a bad line: a typing error must not make a person.</summary>
internal sealed class PostImport(ImportRun run, IPeopleStore people)
{
    private const int PostsPerBatchMax = 2_048;
    private const int CharsPerBatchMax = 4 * 1024 * 1024;

    /// <summary>Authors remembered at once; some 100 bytes each. All are forgotten when it is full.</summary>
    private const int AuthorsMax = 1_000_000;

    private readonly Dictionary<string, UserId> _authors = [];

    public async Task<long> RunAsync(long nowUnixMs, CancellationToken ct)
    {
        var reader = new NdjsonReader(run.Content, run.Bad, nowUnixMs);
        var posts = new List<DatedPost>(PostsPerBatchMax);
        var chars = 0;
        PostLine? post;
        do
        {
            post = reader.ReadPost();
            if (post is not null && !run.IsStored(post.Line))
            {
                if (await FindAsync(post.Author, ct) is { } author)
                    posts.Add(new DatedPost(new NewPost(author, post.Type, post.Audience, default, post.Body), post.CreatedUnixMs));
                else
                    run.Bad.Add(post.Line, "its author is not there: import people first");
                chars += post.Body.Text.Length;
            }
            if (post is not null && posts.Count < PostsPerBatchMax && chars < CharsPerBatchMax)
                continue;

            await run.StoreAsync(posts.Count, reader.Line, [], posts, ct);
            posts.Clear();
            chars = 0;
        }
        while (post is not null);
        return reader.Line;
    }

    private async ValueTask<UserId?> FindAsync(string handle, CancellationToken ct)
    {
        if (_authors.TryGetValue(handle, out var known))
            return known;
        var found = await people.FindAsync(handle, ct);
        if (_authors.Count >= AuthorsMax)
            _authors.Clear();
        if (found is { } person)
            _authors.Add(handle, person);
        return found;
    }
}
