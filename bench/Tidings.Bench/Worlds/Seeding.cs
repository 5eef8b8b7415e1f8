using System.Globalization;
using Tidings.Import;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Worlds;

/// <summary>Fills a record through the bulk door.</summary>
internal static class Seeding
{
    private const int PeoplePerBatch = 8_192, FollowsPerBatch = 256 * 1024, PostsPerBatch = 4_096;

    /// <summary>People p1, p2, …, who in an empty record have the ids 1, 2, ….</summary>
    public static async Task PeopleAsync(IBulkLoad bulk, int count)
    {
        var ids = new UserId[PeoplePerBatch];
        foreach (var numbers in Enumerable.Range(1, count).Chunk(PeoplePerBatch))
        {
            var people = Array.ConvertAll(numbers, n => Named(string.Create(CultureInfo.InvariantCulture, $"p{n}")));
            await bulk.AddPeopleAsync(people, ids.AsMemory(0, people.Length), CancellationToken.None);
        }
    }

    public static async Task FollowsAsync(IBulkLoad bulk, string job, IEnumerable<(UserId Follower, UserId Followee)> follows)
    {
        var line = 0L;
        foreach (var batch in follows.Chunk(FollowsPerBatch))
        {
            line += batch.Length;
            await bulk.StoreAsync(new LoadBatch(job, line, batch, []), CancellationToken.None);
        }
    }

    public static async Task PostsAsync(IBulkLoad bulk, string job, IEnumerable<DatedPost> posts)
    {
        var line = 0L;
        foreach (var batch in posts.Chunk(PostsPerBatch))
        {
            line += batch.Length;
            await bulk.StoreAsync(new LoadBatch(job, line, [], batch), CancellationToken.None);
        }
    }

    public static DatedPost Post(UserId author, string text, long unixMs) =>
        new(new NewPost(author, PostType.Text, Audience.Public, default, new PostBody(text, [])), unixMs);

    public static NewPerson Named(string handle) => new(handle, handle, "", []);
}
