using System.Text;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Graph;
using Tidings.Kafka.Payloads;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

/// <summary>The payloads byte for byte: other programs, in other languages, read them.</summary>
public sealed class EventJsonTests
{
    private const long At = 1_772_366_400_123;

    private static readonly UserId Ada = new(7), Bob = new(12);
    private static readonly PostId Post = new(5_000_000_000_000_001);

    public static TheoryData<EventKind, string> Golden => new()
    {
        { EventKind.PersonJoined, """{"v":1,"position":41,"kind":"person_joined","unix_ms":1772366400123,"actor":"7","other":"7"}""" },
        { EventKind.PostPublished, """{"v":1,"position":41,"kind":"post_published","unix_ms":1772366400123,"actor":"7","other":"7","post":"5000000000000001"}""" },
        { EventKind.PostEdited, """{"v":1,"position":41,"kind":"post_edited","unix_ms":1772366400123,"actor":"7","other":"7","post":"5000000000000001"}""" },
        { EventKind.PostDeleted, """{"v":1,"position":41,"kind":"post_deleted","unix_ms":1772366400123,"actor":"7","other":"7","post":"5000000000000001"}""" },
        { EventKind.TieChanged, """{"v":1,"position":41,"kind":"tie_changed","unix_ms":1772366400123,"actor":"12","other":"7","before":["follows"],"after":["follows","followed_by","friend"],"action":"accept_friend"}""" },
        { EventKind.MarkChanged, """{"v":1,"position":41,"kind":"mark_changed","unix_ms":1772366400123,"actor":"12","other":"7","post":"5000000000000001","mark":"like","left":true}""" },
        { EventKind.Commented, """{"v":1,"position":41,"kind":"commented","unix_ms":1772366400123,"actor":"12","other":"7","post":"5000000000000001","comment":"9007199254740993"}""" },
        { EventKind.CommentDeleted, """{"v":1,"position":41,"kind":"comment_deleted","unix_ms":1772366400123,"actor":"12","other":"7","post":"5000000000000001","comment":"9007199254740993"}""" },
        { EventKind.ProfileViewed, """{"v":1,"position":41,"kind":"profile_viewed","unix_ms":1772366400123,"actor":"12","other":"7"}""" },
        { EventKind.Messaged, """{"v":1,"position":41,"kind":"messaged","unix_ms":1772366400123,"actor":"12","other":"7"}""" },
        { EventKind.PostsShown, """{"v":1,"position":41,"kind":"posts_shown","unix_ms":1772366400123,"actor":"12","other":"12","count":20}""" },
        { EventKind.PersonErased, """{"v":1,"position":41,"kind":"person_erased","unix_ms":1772366400123,"actor":"7","other":"7"}""" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void An_event_is_written_as_ever_and_read_back_whole(EventKind kind, string json)
    {
        Assert.Equal(json, Encoding.UTF8.GetString(EventJson.Write(Of(kind))));
        Assert.Equal(Of(kind), EventJson.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public void A_post_that_is_known_to_name_nobody_says_so()
    {
        var happened = Of(EventKind.PostPublished) with { Detail = Event.NamesNobody };
        Assert.EndsWith(""","post":"5000000000000001","names_nobody":true}""", Encoding.UTF8.GetString(EventJson.Write(happened)), StringComparison.Ordinal);
        Assert.Equal(happened, EventJson.Read(EventJson.Write(happened)));
    }

    [Theory]
    [InlineData(EventKind.PostPublished, 2)]
    [InlineData(EventKind.PostDeleted, 1)]
    public void A_detail_that_has_no_field_is_not_left_out_in_silence(EventKind kind, long detail) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => EventJson.Write(Of(kind) with { Detail = detail }));

    [Fact]
    public void Every_kind_has_a_golden_payload() =>
        Assert.Equal(Enum.GetValues<EventKind>(), Golden.Select(row => row.Data.Item1).Order());

    [Fact]
    public void Every_mark_tie_and_action_comes_back()
    {
        foreach (var mark in Enum.GetValues<Mark>())
        {
            Comes(Of(EventKind.MarkChanged) with { Detail = (long)mark });
            Comes(Of(EventKind.MarkChanged) with { Detail = (long)mark | 256 });
        }
        foreach (var tie in Enum.GetValues<Tie>())
            Comes(Of(EventKind.TieChanged) with { Detail = (long)tie | ((long)TieAction.Block << 32) });
        foreach (var action in Enum.GetValues<TieAction>())
            Comes(Of(EventKind.TieChanged) with { Detail = (long)action << 32 });

        static void Comes(Event happened) => Assert.Equal(happened, EventJson.Read(EventJson.Write(happened)));
    }

    [Fact]
    public void Fields_that_a_later_program_adds_are_passed_over() => Assert.Equal(
        Of(EventKind.ProfileViewed),
        EventJson.Read("""{"tone":{"deep":1},"v":1,"unix_ms":1772366400123,"other":"7","actor":"12","kind":"profile_viewed","position":41}"""u8.ToArray()));

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("nonsense", "no JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("""{"v":2}""", "v is 2")]
    [InlineData("""{"v":1,"kind":"person_married","position":1}""", "kind")]
    [InlineData("""{"v":1,"kind":5,"position":1}""", "kind")]
    [InlineData("""{"v":1,"kind":"messaged","position":0}""", "position")]
    [InlineData("""{"v":1,"kind":"messaged","position":1.5}""", "position")]
    [InlineData("""{"v":1,"kind":"messaged","position":1,"actor":7}""", "actor")]
    [InlineData("""{"v":1,"kind":"messaged","position":1,"actor":"-7"}""", "actor")]
    [InlineData("""{"v":1,"kind":"messaged","position":1,"actor":"7","other":"7"}""", "unix_ms")]
    [InlineData("""{"v":1,"kind":"mark_changed","position":1,"actor":"7","other":"7","mark":"like","left":1}""", "left")]
    [InlineData("""{"v":1,"kind":"tie_changed","position":1,"actor":"7","other":"8","before":["married"]}""", "before")]
    [InlineData("""{"v":1,"kind":"tie_changed","position":1,"actor":"7","other":"8","before":[1]}""", "before")]
    public void What_is_no_event_is_refused_by_the_name_of_its_field(string payload, string says) =>
        Assert.Contains(says, Assert.Throws<MalformedEventException>(() => EventJson.Read(Encoding.UTF8.GetBytes(payload))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_payload_beyond_the_limit_is_refused_unread() =>
        Assert.Throws<MalformedEventException>(() => EventJson.Read(new byte[EventJson.BytesMax + 1]));

    private static Event Of(EventKind kind)
    {
        var byBob = kind is not (EventKind.PersonJoined or EventKind.PostPublished or EventKind.PostEdited or EventKind.PostDeleted or EventKind.PersonErased);
        var post = kind is EventKind.PostPublished or EventKind.PostEdited or EventKind.PostDeleted or EventKind.MarkChanged or EventKind.Commented
            or EventKind.CommentDeleted ? Post : PostId.None;
        long detail = kind switch
        {
            EventKind.TieChanged => (long)Tie.Follows | ((long)(Tie.Follows | Tie.FollowedBy | Tie.Friend) << 16) | ((long)TieAction.AcceptFriend << 32),
            EventKind.MarkChanged => (long)Mark.Like | 256,
            EventKind.Commented or EventKind.CommentDeleted => 9_007_199_254_740_993,
            EventKind.PostsShown => 20,
            _ => 0,
        };
        return new Event(41, kind, byBob ? Bob : Ada, kind == EventKind.PostsShown ? Bob : Ada, post, detail, At);
    }
}
