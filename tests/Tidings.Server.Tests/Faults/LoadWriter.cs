using Tidings.Client;
using Tidings.Client.Wire;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// One of the people who write, all at once, while the server is killed: signs up, follows, posts, likes, comments, takes things back. It asks one
/// thing at a time and owns what it asks for, so that after a kill at most one of its requests is open. It ends when an answer stays away.
/// </summary>
internal sealed class LoadWriter(int index, Ledger ledger, Random random)
{
    private const int PeopleMax = 40;
    private const int LastOnes = 30;

    private readonly List<PersonEntry> _people = [];
    private readonly List<PostEntry> _posts = [];
    private readonly List<CommentEntry> _comments = [];
    private int _keys;

    /// <param name="client">Makes a client that acts for the person with this id.</param>
    /// <param name="admin">Adds people.</param>
    /// <param name="acknowledged">Called with each acknowledgement.</param>
    public async Task RunAsync(Func<string, TidingsClient> client, TidingsClient admin, Action acknowledged, CancellationToken ct)
    {
        Outcome outcome;
        do
        {
            ct.ThrowIfCancellationRequested();
            outcome = await StepAsync(client, admin, ct);
            if (outcome == Outcome.Done)
                acknowledged();
        }
        while (outcome != Outcome.Unknown);
    }

    private Task<Outcome> StepAsync(Func<string, TidingsClient> client, TidingsClient admin, CancellationToken ct)
    {
        if (_people.Count < 2 || (_people.Count < PeopleMax && random.Next(100) < 4))
            return JoinAsync(admin, ct);
        var actor = _people[random.Next(_people.Count)];
        return random.Next(100) switch
        {
            < 14 => FollowAsync(client(actor.Id), actor, true, ct),
            < 18 => FollowAsync(client(actor.Id), actor, false, ct),
            < 46 => PublishAsync(client(actor.Id), new PostEntry(actor, NewKey()), ct),
            < 50 => PublishTwiceAsync(client(actor.Id), new PostEntry(actor, NewKey()), ct),
            < 54 => RepeatAsync(client, ct),
            < 76 => LikeAsync(client(actor.Id), actor, true, ct),
            < 84 => LikeAsync(client(actor.Id), actor, false, ct),
            < 93 => CommentAsync(client(actor.Id), actor, ct),
            < 95 => DeleteCommentAsync(client, ct),
            _ => DeleteAsync(client, ct),
        };
    }

    private async Task<Outcome> JoinAsync(TidingsClient admin, CancellationToken ct)
    {
        var person = new PersonEntry($"p{index}_{_people.Count}");
        _people.Add(person);
        ledger.People.Add(person);
        ledger.TouchedPeople[person] = true;
        person.Joined.Ask(true);
        var (outcome, added) = await Answers.OfAsync(
            ledger, $"join {person.Handle}", () => admin.AddPersonAsync(new NewPersonRequest(person.Handle, person.Handle), ct));
        if (outcome == Outcome.Done)
        {
            person.Id = added!.Id;
            person.Joined.Settle(true);
        }
        return outcome;
    }

    private Task<Outcome> PublishAsync(TidingsClient client, PostEntry post, CancellationToken ct) =>
        BeginAsync(post, () => client.PublishAsync(new PublishRequest(post.Text), post.Key, ct));

    /// <summary>The same request twice at once, as an impatient client sends it: one post, and both are told its id.</summary>
    private Task<Outcome> PublishTwiceAsync(TidingsClient client, PostEntry post, CancellationToken ct) => BeginAsync(post, async () =>
    {
        var both = await Task.WhenAll(
            client.PublishAsync(new PublishRequest(post.Text), post.Key, ct),
            client.PublishAsync(new PublishRequest(post.Text), post.Key, ct));
        return both[0].Id == both[1].Id
            ? both[0]
            : throw new WrongAnswerException($"{post.Key} sent twice at once made the posts {both[0].Id} and {both[1].Id}");
    });

    private async Task<Outcome> BeginAsync(PostEntry post, Func<Task<PublishedView>> publish)
    {
        _posts.Add(post);
        ledger.Touch(post);
        post.Life.Ask(Life.There);
        var (outcome, published) = await Answers.OfAsync(ledger, $"publish {post.Key} by {post.Author.Handle}", publish);
        if (outcome == Outcome.Done)
        {
            post.Id = published!.Id;
            post.Life.Settle(Life.There);
            ledger.Posts.Add(post);
        }
        return outcome;
    }

    private async Task<Outcome> RepeatAsync(Func<string, TidingsClient> client, CancellationToken ct)
    {
        if (Last(_posts) is not { } post)
            return Outcome.Refused;
        var (outcome, published) = await Answers.OfAsync(
            ledger, $"publish {post.Key} again", () => client(post.Author.Id).PublishAsync(new PublishRequest(post.Text), post.Key, ct));
        return outcome == Outcome.Done && published!.Id != post.Id
            ? throw new WrongAnswerException($"{post.Key} made {post.Id}, and sent again {published.Id}")
            : outcome;
    }

    private async Task<Outcome> DeleteAsync(Func<string, TidingsClient> client, CancellationToken ct)
    {
        if (Last(_posts) is not { IsThere: true } post)
            return Outcome.Refused;
        ledger.Touch(post);
        post.Life.Ask(Life.Deleted);
        var (outcome, _) = await Answers.OfAsync(ledger, $"delete {post.Key}", () => Done(client(post.Author.Id).DeletePostAsync(post.Id, ct)));
        if (outcome == Outcome.Done)
            post.Life.Settle(Life.Deleted);
        return outcome;
    }

    private async Task<Outcome> LikeAsync(TidingsClient client, PersonEntry actor, bool on, CancellationToken ct)
    {
        if (ledger.Posts.Pick(random, LastOnes) is not { } post)
            return Outcome.Refused;
        ledger.Touch(post);
        var like = post.Likes.GetOrAdd(actor, _ => new Fact<bool>(false));
        like.Ask(on);
        var (outcome, _) = await Answers.OfAsync(
            ledger, $"{actor.Handle} {(on ? "likes" : "unlikes")} {post.Key}",
            () => on ? client.LikeAsync(post.Id, ct) : client.UnlikeAsync(post.Id, ct), "post_not_found");
        return Settle(like, on, outcome, post);
    }

    private async Task<Outcome> FollowAsync(TidingsClient client, PersonEntry actor, bool on, CancellationToken ct)
    {
        if (ledger.People.Pick(random, LastOnes) is not { } other || other == actor || other.Id.Length == 0)
            return Outcome.Refused;
        ledger.TouchedPeople[actor] = true;
        ledger.TouchedPeople[other] = true;
        var follow = actor.Following.GetOrAdd(other, _ => new Fact<bool>(false));
        follow.Ask(on);
        var (outcome, _) = await Answers.OfAsync(
            ledger, $"{actor.Handle} {(on ? "follows" : "unfollows")} {other.Handle}",
            () => on ? client.FollowAsync(other.Id, ct) : client.UnfollowAsync(other.Id, ct));
        if (outcome == Outcome.Done)
            follow.Settle(on);
        return outcome;
    }

    private async Task<Outcome> CommentAsync(TidingsClient client, PersonEntry actor, CancellationToken ct)
    {
        if (ledger.Posts.Pick(random, LastOnes) is not { } post)
            return Outcome.Refused;
        var comment = new CommentEntry(actor, NewKey(), post);
        ledger.Touch(post);
        post.Comments.Enqueue(comment);
        _comments.Add(comment);
        comment.Life.Ask(Life.There);
        var (outcome, made) = await Answers.OfAsync(
            ledger, $"comment {comment.Key} on {post.Key}", () => client.CommentAsync(post.Id, comment.Text, comment.Key, ct), "post_not_found");
        if (outcome == Outcome.Done)
            comment.Id = made!.Id;
        return Settle(comment.Life, Life.There, outcome, post);
    }

    private async Task<Outcome> DeleteCommentAsync(Func<string, TidingsClient> client, CancellationToken ct)
    {
        if (Last(_comments) is not { IsThere: true } comment)
            return Outcome.Refused;
        ledger.Touch(comment.Post);
        comment.Life.Ask(Life.Deleted);
        var (outcome, _) = await Answers.OfAsync(
            ledger, $"delete comment {comment.Key} on {comment.Post.Key}",
            () => Done(client(comment.Author.Id).DeleteCommentAsync(comment.Post.Id, comment.Id, ct)), "post_not_found");
        return Settle(comment.Life, Life.Deleted, outcome, comment.Post);
    }

    /// <summary>A refusal is right only where the post was being deleted.</summary>
    private static Outcome Settle<T>(Fact<T> fact, T value, Outcome outcome, PostEntry post)
        where T : struct
    {
        if (outcome == Outcome.Done)
            fact.Settle(value);
        else if (outcome == Outcome.Refused)
        {
            fact.Refuse();
            if (post.IsThere && !post.Life.IsOpen)
                throw new WrongAnswerException($"{post.Key} is there, and the server says it is not");
        }
        return outcome;
    }

    private string NewKey() => $"w{index}-{++_keys}";

    private T? Last<T>(List<T> list)
        where T : class => list.Count == 0 ? null : list[random.Next(Math.Max(0, list.Count - LastOnes), list.Count)];

    private static async Task<object> Done(Task task)
    {
        await task;
        return task;
    }
}
