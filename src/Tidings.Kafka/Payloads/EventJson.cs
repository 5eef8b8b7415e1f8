using System.Text.Json;
using Tidings.Events;
using Tidings.Engagement;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Kafka.Payloads;

/// <summary>
/// An event as one line of JSON, version 1: readable in any language and by eye, ids as strings as in the API. Events are ids and small facts, some 150
/// bytes, of which lz4 leaves a quarter to a half; a binary form would save little. The page docs/formats-kafka.md has the fields; golden tests hold them.
/// A reader passes over fields that it doesn't know and refuses another version or kind.
/// </summary>
public static class EventJson
{
    public const int Version = 1;

    public const int BytesMax = 4_096;

    private const int LeftFlag = 256;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4 };

    private static readonly Names<EventKind> Kinds = new(
        (EventKind.PersonJoined, "person_joined"), (EventKind.PostPublished, "post_published"), (EventKind.PostEdited, "post_edited"),
        (EventKind.PostDeleted, "post_deleted"), (EventKind.TieChanged, "tie_changed"), (EventKind.MarkChanged, "mark_changed"),
        (EventKind.Commented, "commented"), (EventKind.CommentDeleted, "comment_deleted"), (EventKind.ProfileViewed, "profile_viewed"),
        (EventKind.Messaged, "messaged"), (EventKind.PostsShown, "posts_shown"), (EventKind.PersonErased, "person_erased"));

    private static readonly Names<Mark> Marks = new((Mark.Like, "like"), (Mark.Share, "share"), (Mark.Hide, "hide"));

    private static readonly Names<TieAction> Actions = new(
        (TieAction.Follow, "follow"), (TieAction.Unfollow, "unfollow"), (TieAction.RequestFriend, "request_friend"),
        (TieAction.AcceptFriend, "accept_friend"), (TieAction.DropRequest, "drop_request"), (TieAction.Unfriend, "unfriend"),
        (TieAction.Block, "block"), (TieAction.Unblock, "unblock"), (TieAction.Mute, "mute"), (TieAction.Unmute, "unmute"),
        (TieAction.AddCloseFriend, "add_close_friend"), (TieAction.RemoveCloseFriend, "remove_close_friend"), (TieAction.Erase, "erase"));

    private static readonly Names<Tie> Ties = new(
        (Tie.Follows, "follows"), (Tie.FollowedBy, "followed_by"), (Tie.Friend, "friend"), (Tie.RequestSent, "request_sent"),
        (Tie.RequestReceived, "request_received"), (Tie.Blocks, "blocks"), (Tie.BlockedBy, "blocked_by"), (Tie.Mutes, "mutes"),
        (Tie.CloseFriend, "close_friend"));

    public static byte[] Write(in Event happened)
    {
        using var into = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(into))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, Version);
            json.WriteNumber("position"u8, happened.Position);
            json.WriteString("kind"u8, Kinds.NameOf(happened.Kind));
            json.WriteNumber("unix_ms"u8, happened.UnixMs);
            json.WriteString("actor"u8, happened.Actor.ToString());
            json.WriteString("other"u8, happened.Other.ToString());
            if (happened.Post != PostId.None)
                json.WriteString("post"u8, happened.Post.ToString());
            WriteDetail(json, happened.Kind, happened.Detail);
            json.WriteEndObject();
        }
        return into.ToArray();
    }

    /// <exception cref="MalformedEventException">It is no event of this version. The message names the field and what is wrong.</exception>
    public static Event Read(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > BytesMax)
            throw new MalformedEventException($"The payload has {payload.Length} bytes, {BytesMax} is the most.");
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new MalformedEventException($"The payload is no JSON: {e.Message}", e);
        }
    }

    private static Event Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new MalformedEventException("The payload is no JSON object.");
        if (Number(root, "v") is var version && version != Version)
            throw new MalformedEventException($"v is {version}; this program reads {Version}.");
        var kind = Kinds.Read(root, "kind");
        var position = Number(root, "position");
        if (position < 1)
            throw new MalformedEventException("position is less than 1.");
        var post = root.TryGetProperty("post", out _) ? new PostId(Id(root, "post")) : PostId.None;
        return new Event(
            position, kind, new UserId(Id(root, "actor")), new UserId(Id(root, "other")), post, ReadDetail(root, kind), Number(root, "unix_ms"));
    }

    private static void WriteDetail(Utf8JsonWriter json, EventKind kind, long detail)
    {
        switch (kind)
        {
            case EventKind.TieChanged:
                WriteTies(json, "before", (Tie)(ushort)detail);
                WriteTies(json, "after", (Tie)(ushort)(detail >> 16));
                json.WriteString("action"u8, Actions.NameOf((TieAction)(byte)(detail >> 32)));
                break;
            case EventKind.MarkChanged:
                json.WriteString("mark"u8, Marks.NameOf((Mark)(byte)detail));
                json.WriteBoolean("left"u8, (detail & LeftFlag) != 0);
                break;
            case EventKind.Commented or EventKind.CommentDeleted:
                json.WriteString("comment"u8, new CommentId(detail).ToString());
                break;
            case EventKind.PostsShown:
                json.WriteNumber("count"u8, detail);
                break;
            case EventKind.PostPublished when detail == Event.NamesNobody:
                json.WriteBoolean("names_nobody"u8, true);
                break;
            default:
                // Better no event than half of one: the relay ends, and this page of names is brought up to date.
                ArgumentOutOfRangeException.ThrowIfNotEqual(detail, 0);
                break;
        }
    }

    private static long ReadDetail(JsonElement root, EventKind kind) => kind switch
    {
        EventKind.TieChanged => (long)ReadTies(root, "before") | ((long)ReadTies(root, "after") << 16) | ((long)Actions.Read(root, "action") << 32),
        EventKind.MarkChanged => (long)Marks.Read(root, "mark") | (Flag(root, "left") ? LeftFlag : 0L),
        EventKind.Commented or EventKind.CommentDeleted => Id(root, "comment"),
        EventKind.PostsShown => Number(root, "count"),
        EventKind.PostPublished when root.TryGetProperty("names_nobody", out _) => Flag(root, "names_nobody") ? Event.NamesNobody : 0,
        _ => 0,
    };

    private static void WriteTies(Utf8JsonWriter json, string field, Tie ties)
    {
        json.WriteStartArray(field);
        for (var bit = 1; bit <= ushort.MaxValue; bit <<= 1)
        {
            if (((int)ties & bit) != 0)
                json.WriteStringValue(Ties.NameOf((Tie)bit));
        }
        json.WriteEndArray();
    }

    private static Tie ReadTies(JsonElement root, string field)
    {
        if (!root.TryGetProperty(field, out var names) || names.ValueKind != JsonValueKind.Array)
            throw new MalformedEventException($"{field} is no array.");
        return names.EnumerateArray().Aggregate(Tie.None, (ties, name) => ties | Ties.Read(name, field, name.ValueKind));
    }

    private static long Number(JsonElement root, string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : throw new MalformedEventException($"{field} is no whole number.");

    private static bool Flag(JsonElement root, string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw new MalformedEventException($"{field} is neither true nor false.");

    private static long Id(JsonElement root, string field) =>
        root.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && UserId.TryParse(value.GetString(), out var id)
            ? id.Value
            : throw new MalformedEventException($"{field} is no id: a positive number in decimal, as a string.");

    /// <summary>The names of an enum on the wire, both ways.</summary>
    private sealed class Names<T>(params (T Value, string Name)[] all) where T : struct, Enum
    {
        private readonly Dictionary<T, JsonEncodedText> _names = all.ToDictionary(one => one.Value, one => JsonEncodedText.Encode(one.Name));
        private readonly Dictionary<string, T> _values = all.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);

        public JsonEncodedText NameOf(T value) => _names.TryGetValue(value, out var name)
            ? name
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"This {typeof(T).Name} has no name on the wire.");

        public T Read(JsonElement root, string field) => root.TryGetProperty(field, out var value)
            ? Read(value, field, value.ValueKind)
            : throw new MalformedEventException($"{field} is missing.");

        public T Read(JsonElement value, string field, JsonValueKind kind) => kind == JsonValueKind.String && _values.TryGetValue(value.GetString()!, out var known)
            ? known
            : throw new MalformedEventException($"{field} is none that this program knows.");
    }
}
