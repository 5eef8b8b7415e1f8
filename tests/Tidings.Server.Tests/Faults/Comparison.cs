using Tidings.Client;
using Tidings.Client.Wire;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// Holds the server against the ledger, when nothing is open: everything that was acknowledged is there once and as it was written, what was
/// deleted stays away, nothing else is there, every counter equals what it counts, and a feed shows what its reader follows.
/// </summary>
internal sealed class Comparison(Ledger ledger, Func<string, TidingsClient> client)
{
    private const int AtOnce = 8;
    private const int RepeatedKeys = 2;
    private const int FeedsRead = 5;

    /// <summary>Looks at what was touched since the last time.</summary>
    public async Task CompareAsync(Random random, CancellationToken ct)
    {
        var posts = ledger.TouchedPosts.Keys.ToList();
        var people = ledger.TouchedPeople.Keys.ToList();
        var followers = FollowersOf();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(people, options, async (person, stop) => await ComparePersonAsync(person, followers[person], stop));
        await Parallel.ForEachAsync(posts, options, async (post, stop) => await ComparePostAsync(post, stop));
        foreach (var author in posts.GroupBy(post => post.Author))
            await RepeatAsync(author.TakeLast(RepeatedKeys), ct);
        await Parallel.ForEachAsync(people, options, async (person, stop) => await CompareTimelineAsync(person, stop));
        foreach (var reader in people.Count == 0 ? [] : random.GetItems(people.ToArray(), FeedsRead).Distinct())
            await CompareFeedAsync(reader, ct);
        ledger.TouchedPosts.Clear();
        ledger.TouchedPeople.Clear();
    }

    private async Task ComparePersonAsync(PersonEntry person, HashSet<string> followers, CancellationToken ct)
    {
        var self = client(person.Id);
        var byHandle = await self.PersonByHandleAsync(person.Handle, ct);
        Equal(person.Id, byHandle.Id, $"the id of {person.Handle}", person.Handle);
        var following = person.Following.Where(pair => pair.Value.Known).Select(pair => pair.Key.Id).ToHashSet();
        Same(following, Ids(await Pages.AllAsync(cursor => self.FollowingAsync(person.Id, Pages.Limit, cursor, ct))), $"whom {person.Handle} follows", person.Handle);
        Same(followers, Ids(await Pages.AllAsync(cursor => self.FollowersAsync(person.Id, Pages.Limit, cursor, ct))), $"who follows {person.Handle}", person.Handle);
        Equal(following.Count, byHandle.Counts.Following, $"the number of those whom {person.Handle} follows", person.Handle);
        Equal(followers.Count, byHandle.Counts.Followers, $"the number of those who follow {person.Handle}", person.Handle);
    }

    private async Task ComparePostAsync(PostEntry post, CancellationToken ct)
    {
        var author = client(post.Author.Id);
        if (!post.IsThere)
        {
            await GoneAsync(post, ct);
            return;
        }
        var view = await author.PostAsync(post.Id, ct);
        Equal(post.Text, view.Text, $"the text of {post.Key}", post.Key);
        Equal(post.Author.Id, view.Author.Id, $"the author of {post.Key}", post.Key);

        var likers = post.Likes.Where(pair => pair.Value.Known).Select(pair => pair.Key.Id).ToHashSet();
        Same(likers, Ids(await Pages.AllAsync(cursor => author.LikersAsync(post.Id, Pages.Limit, cursor, ct))), $"who likes {post.Key}", post.Key);
        Equal(likers.Count, view.Counts.Likes, $"the likes of {post.Key}", post.Key);

        var comments = post.Comments.Where(comment => comment.IsThere).Select(comment => (comment.Id, comment.Text)).ToHashSet();
        var listed = await Pages.AllAsync(cursor => author.CommentsAsync(post.Id, Pages.Limit, cursor, ct));
        Same(comments, listed.ConvertAll(comment => (comment.Id, comment.Text)), $"the comments on {post.Key}", post.Key);
        Equal(comments.Count, view.Counts.Comments, $"the number of comments on {post.Key}", post.Key);
    }

    /// <summary>A key that was used before gives the post of then, and does not bring back a deleted one.</summary>
    private async Task RepeatAsync(IEnumerable<PostEntry> posts, CancellationToken ct)
    {
        foreach (var post in posts)
        {
            var again = await client(post.Author.Id).PublishAsync(new PublishRequest(post.Text), post.Key, ct);
            Equal(post.Id, again.Id, $"the post of the repeated key {post.Key}", post.Key);
            if (!post.IsThere)
                await GoneAsync(post, ct);
        }
    }

    private async Task CompareTimelineAsync(PersonEntry person, CancellationToken ct)
    {
        var expected = ledger.Posts.All.Where(post => post.Author == person && post.IsThere).Select(post => (post.Id, post.Text)).ToHashSet();
        var listed = await Pages.AllAsync(cursor => client(person.Id).PostsOfAsync(person.Id, Pages.Limit, cursor, ct));
        Same(expected, listed.ConvertAll(post => (post.Id, post.Text)), $"the posts of {person.Handle}", person.Handle);
        NewestFirst(listed, $"the posts of {person.Handle}", person.Handle);
    }

    private async Task CompareFeedAsync(PersonEntry reader, CancellationToken ct)
    {
        var authors = reader.Following.Where(pair => pair.Value.Known).Select(pair => pair.Key).Append(reader).ToHashSet();
        var expected = ledger.Posts.All.Where(post => post.IsThere && authors.Contains(post.Author))
            .Select(post => post.Id).OrderByDescending(long.Parse).Take(Pages.Limit).ToList();
        var page = await client(reader.Id).FeedAsync("latest", Pages.Limit, null, ct);
        Equal(string.Join(' ', expected), string.Join(' ', page.Items.Select(post => post.Id)), $"the latest feed of {reader.Handle}", reader.Handle);
    }

    private async Task GoneAsync(PostEntry post, CancellationToken ct)
    {
        try
        {
            await client(post.Author.Id).PostAsync(post.Id, ct);
        }
        catch (TidingsException e) when (e.Code == "post_not_found")
        {
            return;
        }
        throw Wrong($"{post.Key} was deleted and is there", post.Key);
    }

    private Dictionary<PersonEntry, HashSet<string>> FollowersOf()
    {
        var followers = ledger.People.All.ToDictionary(person => person, _ => new HashSet<string>());
        foreach (var person in followers.Keys)
        {
            foreach (var (other, _) in person.Following.Where(pair => pair.Value.Known))
                followers[other].Add(person.Id);
        }
        return followers;
    }

    private static List<string> Ids(List<PersonSummary> people) => people.ConvertAll(person => person.Id);

    private void NewestFirst(List<PostView> posts, string what, string about)
    {
        foreach (var (newer, older) in posts.Zip(posts.Skip(1)))
        {
            if (long.Parse(newer.Id) <= long.Parse(older.Id))
                throw Wrong($"{what} are not newest first: {newer.Id} before {older.Id}", about);
        }
    }

    private void Same<T>(HashSet<T> expected, List<T> found, string what, string about)
    {
        var twice = found.GroupBy(item => item).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        var lost = expected.Except(found).ToList();
        var extra = found.Except(expected).ToList();
        if (twice.Count + lost.Count + extra.Count > 0)
            throw Wrong($"{what}: lost [{string.Join(", ", lost)}], twice [{string.Join(", ", twice)}], never written or taken back [{string.Join(", ", extra)}]", about);
    }

    private void Equal<T>(T expected, T found, string what, string about)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
            throw Wrong($"{what}: expected {expected}, found {found}", about);
    }

    private WrongAnswerException Wrong(string what, string about) => new($"{what}\n{ledger.Notes(about)}");
}
