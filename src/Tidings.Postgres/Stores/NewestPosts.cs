using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

/// <summary>
/// The newest posts of many authors. Each server gives some of each author, by a lateral walk of the index; those of whom all that was given is among
/// the newest may have more there, and only they are asked again. Authors who post alike are done in one round.
/// </summary>
internal sealed class NewestPosts(RecordReads reads)
{
    /// <summary>Posts of each author in a round, at least.</summary>
    private const int EachMin = 16;

    private const string Sql = """
        SELECT i.place, n.id FROM unnest($1, $2, $3, $4) AS i(place, shard, author, before)
        CROSS JOIN LATERAL (
            SELECT p.id FROM posts p WHERE p.shard = i.shard AND p.author = i.author AND p.id < i.before AND NOT p.deleted ORDER BY p.id DESC LIMIT $5) n
        """;

    /// <param name="authors">Each once.</param>
    public async ValueTask<int> OfAsync(UserId[] authors, PostId before, Memory<PostId> into, CancellationToken ct)
    {
        var found = new List<long>[authors.Length];
        for (var i = 0; i < found.Length; i++)
            found[i] = [];
        var each = authors.Length == 0 ? 0 : Math.Min(into.Length, Math.Max(EachMin, 2 * into.Length / authors.Length));
        var left = Enumerable.Range(0, authors.Length).ToArray();
        long[] newest = [];
        for (var round = 0; left.Length > 0 && into.Length > 0; round++)
        {
            var asked = left;
            var had = Array.ConvertAll(asked, at => found[at].Count);
            await ReadAsync(authors, asked, found, before, each, ct);
            newest = [.. found.SelectMany(ids => ids).OrderDescending().Take(into.Length)];
            var cut = newest.Length < into.Length ? long.MinValue : newest[^1];
            left = [.. asked.Where((at, i) => found[at].Count == had[i] + each && found[at][^1] > cut)];
            each = Math.Min(into.Length, each * 4);
        }
        for (var i = 0; i < newest.Length; i++)
            into.Span[i] = new PostId(newest[i]);
        return newest.Length;
    }

    private async ValueTask ReadAsync(UserId[] authors, int[] asked, List<long>[] found, PostId before, int each, CancellationToken ct)
    {
        var from = Array.ConvertAll(asked, at => found[at].Count == 0 ? before.Value : found[at][^1]);
        await reads.EachAsync(
            Array.ConvertAll(asked, at => Shard.Of(authors[at])), Sql, (command, places) => command
                .With(Array.ConvertAll(places, place => authors[asked[place]].Value)).With(Array.ConvertAll(places, place => from[place])).With(each),
            (row, place) => found[asked[place]].Add(row.GetInt64(1)), ct);
        // A plan may give an author's posts in any order.
        foreach (var at in asked)
            found[at].Sort((a, b) => b.CompareTo(a));
    }
}
