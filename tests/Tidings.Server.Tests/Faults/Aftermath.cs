using Tidings.Client;
using Tidings.Client.Wire;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// Looks at what was open when the server was killed. Each such write is there once or not at all; then it is sent again, as a client does that
/// got no answer, and is there once. Afterwards the ledger knows everything for certain.
/// </summary>
internal sealed class Aftermath(Ledger ledger, Func<string, TidingsClient> client, TidingsClient admin)
{
    public async Task SettleAsync(CancellationToken ct)
    {
        foreach (var person in ledger.TouchedPeople.Keys.Where(person => person.Joined.IsOpen))
            await SettleAsync(person, ct);
        foreach (var post in ledger.TouchedPosts.Keys.Where(post => post.Life.IsOpen))
            await SettleAsync(post, ct);
        foreach (var person in ledger.TouchedPeople.Keys.Where(person => person.Following.Values.Any(follow => follow.IsOpen)))
            await SettleFollowsAsync(person, ct);
        foreach (var post in ledger.TouchedPosts.Keys)
        {
            if (post.Likes.Values.Any(like => like.IsOpen))
                await SettleLikesAsync(post, ct);
            foreach (var comment in post.Comments.Where(comment => comment.Life.IsOpen))
                await SettleAsync(comment, ct);
        }
    }

    private async Task SettleAsync(PersonEntry person, CancellationToken ct)
    {
        var (outcome, added) = await Answers.OfAsync(
            ledger, $"join {person.Handle} again", () => admin.AddPersonAsync(new NewPersonRequest(person.Handle, person.Handle), ct), "handle_taken");
        var reader = ledger.People.All.First(other => other.Joined.Known);
        person.Id = added?.Id ?? (await client(reader.Id).PersonByHandleAsync(person.Handle, ct)).Id;
        Certain(outcome != Outcome.Unknown, $"{person.Handle} could not join again");
        person.Joined.Settle(true);
    }

    private async Task SettleAsync(PostEntry post, CancellationToken ct)
    {
        var mine = client(post.Author.Id);
        var found = (await Pages.AllAsync(cursor => mine.PostsOfAsync(post.Author.Id, Pages.Limit, cursor, ct)))
            .Where(view => view.Text == post.Text).ToList();
        Certain(found.Count <= 1, $"{post.Key} is there {found.Count} times: {string.Join(", ", found.Select(view => view.Id))}");

        if (post.Life.Asked == Life.Deleted)
        {
            await mine.DeletePostAsync(post.Id, ct);
            post.Life.Settle(Life.Deleted);
            return;
        }
        var published = await mine.PublishAsync(new PublishRequest(post.Text), post.Key, ct);
        Certain(found.Count == 0 || found[0].Id == published.Id, $"{post.Key} was {found.FirstOrDefault()?.Id} and sent again it is {published.Id}");
        post.Id = published.Id;
        post.Life.Settle(Life.There);
        ledger.Posts.Add(post);
    }

    private async Task SettleFollowsAsync(PersonEntry person, CancellationToken ct)
    {
        foreach (var (other, follow) in person.Following.Where(pair => pair.Value.IsOpen))
        {
            var on = follow.Asked!.Value;
            var tie = on ? await client(person.Id).FollowAsync(other.Id, ct) : await client(person.Id).UnfollowAsync(other.Id, ct);
            Certain(tie.Follows == on, $"{person.Handle} follows {other.Handle}: {tie.Follows}");
            follow.Settle(on);
        }
    }

    private async Task SettleLikesAsync(PostEntry post, CancellationToken ct)
    {
        var likers = post.IsThere
            ? (await Pages.AllAsync(cursor => client(post.Author.Id).LikersAsync(post.Id, Pages.Limit, cursor, ct))).Select(p => p.Id).ToHashSet()
            : [];
        foreach (var (person, like) in post.Likes.Where(pair => pair.Value.IsOpen))
            like.Settle(likers.Contains(person.Id));
    }

    private async Task SettleAsync(CommentEntry comment, CancellationToken ct)
    {
        if (!comment.Post.IsThere)
        {
            comment.Life.Settle(Life.Absent);
            return;
        }
        var theirs = client(comment.Author.Id);
        var found = (await Pages.AllAsync(cursor => theirs.CommentsAsync(comment.Post.Id, Pages.Limit, cursor, ct)))
            .Where(view => view.Text == comment.Text).ToList();
        Certain(found.Count <= 1, $"{comment.Key} is there {found.Count} times");

        if (comment.Life.Asked == Life.Deleted)
        {
            if (found.Count == 1)
                await theirs.DeleteCommentAsync(comment.Post.Id, comment.Id, ct);
            comment.Life.Settle(Life.Deleted);
            return;
        }
        var made = await theirs.CommentAsync(comment.Post.Id, comment.Text, comment.Key, ct);
        Certain(found.Count == 0 || found[0].Id == made.Id, $"{comment.Key} was {found.FirstOrDefault()?.Id} and sent again it is {made.Id}");
        comment.Id = made.Id;
        comment.Life.Settle(Life.There);
    }

    private static void Certain(bool holds, string otherwise)
    {
        if (!holds)
            throw new WrongAnswerException(otherwise);
    }
}
