using System.Text;
using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Adapters.Tests.Record;

/// <summary>A small record with something of everything in it, and a text that says all that its ports show.</summary>
internal static class Described
{
    public const int People = 6, Posts = 24;
    private const long AtUnixMs = 1_790_000_000_000;
    private static readonly CancellationToken Ct = CancellationToken.None;

    public static async Task FillAsync(EmbeddedProfile profile)
    {
        var people = new List<UserId>();
        for (var i = 1; i <= People; i++)
            people.Add((await profile.People.AddAsync(new NewPerson($"person_{i}", $"Person {i}", "bio", [(byte)i]), Ct)).Value);
        foreach (var (a, action, b) in new[] { (0, TieAction.Follow, 1), (1, TieAction.Follow, 0), (2, TieAction.Block, 3), (4, TieAction.Mute, 1),
            (0, TieAction.RequestFriend, 5), (5, TieAction.AcceptFriend, 0), (0, TieAction.AddCloseFriend, 5), (3, TieAction.RequestFriend, 4) })
            await profile.Graph.ChangeAsync(people[a], action, people[b], Ct);
        var list = (await profile.Audiences.AddAsync(people[0], "team", Ct)).Value;
        await profile.Audiences.ChangeMembersAsync(people[0], list, people.ToArray().AsMemory(1, 3), default, Ct);
        await profile.Credentials.AddAsync(Token.Hash("session"), new Credential(KeyKind.Session, people[0], "", AtUnixMs), Ct);
        await profile.Credentials.AddAsync(Token.Hash("key"), new Credential(KeyKind.Service, default, "shop", long.MaxValue), Ct);
        await FillPostsAsync(profile, people, list);
    }

    private static async Task FillPostsAsync(EmbeddedProfile profile, List<UserId> people, AudienceListId list)
    {
        await profile.Notifications.ApplyAsync(3, people.Select((person, i) => new NotificationChange(
            NotificationOp.Add, person, NotificationKind.Mention, new PostId(7), people[0], 9, i, AtUnixMs)).ToArray(), Ct);
        await profile.Notifications.ReadAsync(people[1], 99, Ct);
        for (var i = 0; i < Posts; i++)
        {
            var (audience, on) = i % 5 == 0 ? (Audience.Custom, list) : (Audience.Public, default);
            var post = new NewPost(people[i % 5 == 0 ? 0 : i % People], PostType.Text, audience, on, new PostBody($"text {i} ü", [$"m{i}"]));
            var id = (await profile.Posts.PublishAsync(post, new IdempotencyClaim($"key {i}", new byte[32]), Ct)).Value.Id;
            await profile.Engagement.MarkAsync(people[(i + 1) % People], id, Mark.Like, true, Ct);
            await profile.Engagement.MarkAsync(people[(i + 2) % People], id, i % 2 == 0 ? Mark.Share : Mark.Hide, true, Ct);
            var comment = (await profile.Engagement.CommentAsync(people[(i + 3) % People], id, $"comment {i}", null, Ct)).Value.Id;
            await profile.SeenPosts.NoteAsync(people[(i + 4) % People], new Impression[] { new(id, 5) }, Ct);
            if (i % 4 == 1) await profile.Engagement.DeleteCommentAsync(people[(i + 3) % People], id, comment, Ct);
            if (i % 4 == 2) await profile.Posts.EditAsync(id, post.Author, new PostEdit($"edited {i}", null, default), null, Ct);
            if (i % 8 == 3) await profile.Posts.DeleteAsync(id, post.Author, null, Ct);
        }
    }

    public static async Task<string> DescribeAsync(EmbeddedProfile profile)
    {
        var text = new StringBuilder();
        var people = Enumerable.Range(1, People + 1).Select(i => new UserId(i)).ToArray();
        var rows = new Person?[people.Length];
        await profile.People.GetAsync(people, rows, Ct);
        foreach (var person in people)
        {
            text.AppendLine($"{rows[person.Value - 1]} {Convert.ToHexString(await profile.People.PasswordHashAsync(person, Ct))}");
            text.AppendLine($"{await profile.People.FindAsync($"person_{person}", Ct)} {await profile.Graph.CountsAsync(person, Ct)}");
            foreach (var other in people)
                text.Append($"{await profile.Graph.TieAsync(person, other, Ct)};");
            foreach (var audience in await profile.Audiences.OfAsync(person, Ct))
                text.AppendLine($"{audience}");
            var scores = new float[people.Length];
            await profile.Affinity.ScoresAsync(person, people, AtUnixMs, scores, Ct);
            text.AppendLine(string.Join(' ', scores));
            var told = await profile.Notifications.ListAsync(person, Ct);
            text.AppendLine($"{told.ReadTo} {string.Join(' ', told.Groups.Select(g => $"{g.Id} {g.Kind} {g.Post} {string.Join(',', g.Acts)}"))}");
        }
        text.AppendLine($"{await profile.Credentials.FindAsync(Token.Hash("session"), Ct)} {(await profile.Credentials.KeysAsync(Ct)).Count}");
        await DescribePostsAsync(profile, people, text);
        return text.ToString();
    }

    private static async Task DescribePostsAsync(EmbeddedProfile profile, UserId[] people, StringBuilder text)
    {
        var events = new List<Event>();
        var page = new Event[50];
        while (events.Count < profile.Events.End)
            events.AddRange(page[..await profile.Events.ReadAsync(events.Count, page, Ct)]);
        foreach (var happened in events)
            text.AppendLine($"{happened}");

        var posts = events.Where(happened => happened.Kind == EventKind.PostPublished).Select(happened => happened.Post).ToArray();
        var headers = new PostHeader[posts.Length];
        var bodies = new PostBody?[posts.Length];
        await profile.Posts.HeadersAsync(posts, headers, Ct);
        await profile.Posts.BodiesAsync(posts, bodies, Ct);
        var newest = new PostId[Posts];
        var count = await profile.Posts.NewestAsync(people, PostId.Last, newest, Ct);
        var exists = newest[..count].Where(post => headers.Any(header => header.Id == post && header.Exists));
        text.AppendLine(string.Join(' ', exists));
        for (var i = 0; i < posts.Length; i++)
        {
            text.AppendLine($"{headers[i]} {bodies[i]?.Text} {string.Join(',', bodies[i]?.MediaIds ?? [])} {bodies[i]?.Version}");
            text.AppendLine(string.Join(';', await profile.Engagement.CommentsAsync(posts[i], default, 10, Ct)));
            var markers = new UserId[10];
            text.AppendLine(string.Join(',', markers[..await profile.Engagement.MarkersAsync(posts[i], Mark.Like, default, markers, Ct)]));
        }
        foreach (var person in people)
        {
            var seen = new bool[posts.Length];
            await profile.SeenPosts.SeenAsync(person, posts, seen, Ct);
            text.AppendLine(string.Concat(seen.Select(on => on ? '1' : '0')));
            foreach (var mark in Enum.GetValues<Mark>())
            {
                var marked = new bool[posts.Length];
                await profile.Engagement.MarkedAsync(person, mark, posts, marked, Ct);
                text.AppendLine(string.Concat(marked.Select(on => on ? '1' : '0')));
            }
        }
    }
}
