using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tidings.Affinity;
using Tidings.Client.Wire;
using Tidings.Engagement;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;
using Tidings.Server.Http;

namespace Tidings.Server.People;

/// <summary>
/// Everything of one person as lines of JSON, each with its <c>kind</c>; the last is <c>end</c>, so that a file that was cut off can be told. Read
/// page by page while others write: what changes meanwhile may or may not be there. Of other people it names the ids, and of those only whom the
/// person can see anyway: never who blocks or mutes them.
/// </summary>
internal sealed class PersonExport(
    IPeopleStore people, IGraphStore graph, IAudienceStore audiences, IPostStore posts, IPersonalData data, IAffinityStore affinity,
    ReadNotifications notifications, TimeProvider clock)
{
    public const string ContentType = "application/x-ndjson";

    private const int PageMax = 100;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (TieList List, string Kind)[] Ties =
    [
        (TieList.Following, "following"), (TieList.Followers, "follower"), (TieList.Friends, "friend"), (TieList.RequestsSent, "request_sent"),
        (TieList.RequestsReceived, "request_received"), (TieList.Blocked, "block"), (TieList.Muted, "mute"), (TieList.CloseFriends, "close_friend"),
    ];

    public async Task WriteAsync(HttpContext http, UserId person, CancellationToken ct)
    {
        var found = new Person?[1];
        await people.GetAsync(new[] { person }, found, ct);
        if (found[0] is not { } me)
        {
            await Problems.WriteAsync(http, Rejection.NotFound("person"));
            return;
        }
        http.Response.ContentType = ContentType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"tidings-{me.Handle}.ndjson\"";
        var lines = new Lines(http.Response.BodyWriter);
        lines.Add("profile", json =>
        {
            json.WriteString("id", me.Id.ToString());
            json.WriteString("handle", me.Handle);
            json.WriteString("name", me.Name);
            json.WriteString("bio", me.Bio);
            json.WriteString("created_at", Instant(me.CreatedUnixMs));
        });
        foreach (var (list, kind) in Ties)
            await TiesAsync(lines, person, list, kind, ct);
        await AudiencesAsync(lines, person, ct);
        await PostsAsync(lines, person, ct);
        await CommentsAsync(lines, person, ct);
        foreach (var mark in Enum.GetValues<Mark>())
            await MarksAsync(lines, person, mark, ct);
        await AffinityAsync(lines, person, ct);
        await NotificationsAsync(lines, person, ct);
        lines.Add("end", json => json.WriteString("at", Instant(clock.GetUtcNow().ToUnixTimeMilliseconds())));
        await http.Response.BodyWriter.FlushAsync(ct);
    }

    private async Task TiesAsync(Lines lines, UserId person, TieList list, string kind, CancellationToken ct)
    {
        var ids = new UserId[PageMax];
        for (var (count, after) = (PageMax, default(UserId)); count == PageMax; after = ids[PageMax - 1])
        {
            count = await graph.ListAsync(person, list, after, ids, ct);
            foreach (var id in ids.AsSpan(0, count))
                lines.Add(kind, json => json.WriteString("person", id.ToString()));
            await lines.FlushAsync(ct);
        }
    }

    private async Task AudiencesAsync(Lines lines, UserId person, CancellationToken ct)
    {
        var ids = new UserId[PageMax];
        foreach (var list in await audiences.OfAsync(person, ct))
        {
            lines.Add("audience", json =>
            {
                json.WriteString("id", list.Id.ToString());
                json.WriteString("name", list.Name);
            });
            for (var (count, after) = (PageMax, default(UserId)); count == PageMax; after = ids[PageMax - 1])
            {
                count = await audiences.MembersAsync(list.Id, after, ids, ct);
                foreach (var id in ids.AsSpan(0, count))
                {
                    lines.Add("audience_member", json =>
                    {
                        json.WriteString("audience", list.Id.ToString());
                        json.WriteString("person", id.ToString());
                    });
                }
                await lines.FlushAsync(ct);
            }
        }
    }

    private async Task PostsAsync(Lines lines, UserId person, CancellationToken ct)
    {
        var (ids, headers, bodies) = (new PostId[PageMax], new PostHeader[PageMax], new PostBody?[PageMax]);
        for (var (count, before) = (PageMax, PostId.Last); count == PageMax; before = ids[PageMax - 1])
        {
            count = await posts.NewestAsync(new[] { person }, before, ids, ct);
            await posts.HeadersAsync(ids.AsMemory(0, count), headers, ct);
            await posts.BodiesAsync(ids.AsMemory(0, count), bodies, ct);
            for (var i = 0; i < count; i++)
            {
                if (headers[i].Exists && bodies[i] is { } body)
                    Add(lines, headers[i], body);
            }
            await lines.FlushAsync(ct);
        }
    }

    private static void Add(Lines lines, PostHeader post, PostBody body) => lines.Add("post", json =>
    {
        json.WriteString("id", post.Id.ToString());
        json.WriteString("type", Named(post.Type));
        json.WriteString("text", body.Text);
        json.WriteStartArray("media_ids");
        foreach (var media in body.MediaIds)
            json.WriteStringValue(media);
        json.WriteEndArray();
        json.WriteString("audience", Named(post.Audience));
        if (post.List.Value != 0)
            json.WriteString("audience_list", post.List.ToString());
        json.WriteString("created_at", Instant(post.Id.UnixMs));
        if (post.EditedUnixMs != 0)
            json.WriteString("edited_at", Instant(post.EditedUnixMs));
        json.WriteNumber("likes", post.Counts.Likes);
        json.WriteNumber("comments", post.Counts.Comments);
        json.WriteNumber("shares", post.Counts.Shares);
    });

    private async Task CommentsAsync(Lines lines, UserId person, CancellationToken ct)
    {
        var page = await data.CommentsAsync(person, default, PageMax, ct);
        for (; page.Count > 0; page = await data.CommentsAsync(person, page[^1].Id, PageMax, ct))
        {
            foreach (var comment in page)
            {
                lines.Add("comment", json =>
                {
                    json.WriteString("id", comment.Id.ToString());
                    json.WriteString("post", comment.Post.ToString());
                    json.WriteString("text", comment.Text);
                    json.WriteString("created_at", Instant(comment.Id.UnixMs));
                });
            }
            await lines.FlushAsync(ct);
        }
    }

    private async Task MarksAsync(Lines lines, UserId person, Mark mark, CancellationToken ct)
    {
        var ids = new PostId[PageMax];
        for (var (count, before) = (PageMax, PostId.Last); count == PageMax; before = ids[PageMax - 1])
        {
            count = await data.MarkedAsync(person, mark, before, ids, ct);
            foreach (var id in ids.AsSpan(0, count))
                lines.Add(Named(mark), json => json.WriteString("post", id.ToString()));
            await lines.FlushAsync(ct);
        }
    }

    private async Task AffinityAsync(Lines lines, UserId person, CancellationToken ct)
    {
        var top = new AffinityScore[IAffinityStore.PeopleMax];
        var count = await affinity.TopAsync(person, clock.GetUtcNow().ToUnixTimeMilliseconds(), top, ct);
        foreach (var one in top.AsSpan(0, count))
        {
            lines.Add("affinity", json =>
            {
                json.WriteString("person", one.Person.ToString());
                json.WriteNumber("score", Math.Round(one.Score, 2));
            });
        }
        await lines.FlushAsync(ct);
    }

    private async Task NotificationsAsync(Lines lines, UserId person, CancellationToken ct)
    {
        var before = 0L;
        do
        {
            (var page, before) = await notifications.PageAsync(person, before, PageMax, ct);
            foreach (var one in page)
                Add(lines, one);
            await lines.FlushAsync(ct);
        }
        while (before != 0);
    }

    private static void Add(Lines lines, Notification one) => lines.Add("notification", json =>
    {
        json.WriteString("about", Named(one.Kind));
        if (one.Post != PostId.None)
            json.WriteString("post", one.Post.ToString());
        json.WriteStartArray("people");
        foreach (var actor in one.People)
            json.WriteStringValue(actor.ToString());
        json.WriteEndArray();
        json.WriteNumber("others", one.Others);
        json.WriteString("at", Instant(one.UnixMs));
        json.WriteBoolean("unread", one.Unread);
    });

    private static string Named<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Instant(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString(InstantConverter.Format, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A line at a time; a page of them is what memory holds.</summary>
    private sealed class Lines(System.IO.Pipelines.PipeWriter output)
    {
        public void Add(string kind, Action<Utf8JsonWriter> members)
        {
            using (var json = new Utf8JsonWriter(output, Relaxed))
            {
                json.WriteStartObject();
                json.WriteString("kind", kind);
                members(json);
                json.WriteEndObject();
            }
            output.Write("\n"u8);
        }

        public async ValueTask FlushAsync(CancellationToken ct) => await output.FlushAsync(ct);
    }
}
