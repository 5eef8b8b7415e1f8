using System.Text.Json;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Posts;

public sealed class PostJsonTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task A_post_is_the_same_JSON_alone_in_lists_and_in_feeds()
    {
        var writer = await server.JoinAsync("writer");
        var published = await writer.Client.PublishAsync(
            new PublishRequest("line\n\"quoted\" <b>ä 日本 😀</b> \u2028 \\", PostType.Image, ["m1", "m\"2"]), null, Ct);
        await writer.Client.LikeAsync(published.Id, Ct);
        await writer.Client.EditPostAsync(published.Id, new EditPostRequest("line\n\"quoted\" <b>ä 日本 😀</b> \u2028 \\!"), null, Ct);

        var alone = await writer.Client.SendAsync("GET", $"/v1/posts/{published.Id}").TextAsync();
        Assert.Equal($$"""{"items":[{{alone}}],"next_cursor":null}""", await writer.Client.SendAsync("GET", $"/v1/people/{writer.Id}/posts").TextAsync());
        Assert.Equal(
            $$"""{"items":[{{alone}}],"next_cursor":null,"caught_up_at":null,"quality":"full","quality_reason":null}""", await writer.Client.SendAsync("GET", "/v1/feed?order=latest").TextAsync());
        var ranked = await writer.Client.SendAsync("GET", "/v1/feed").TextAsync();
        Assert.StartsWith($$"""{"items":[{{alone[..^1]}},"score":""", ranked);

        var post = JsonSerializer.Deserialize(alone, WireJson.Wire.PostView)!;
        Assert.Equal(("line\n\"quoted\" <b>ä 日本 😀</b> \u2028 \\!", 2, 1, true), (post.Text, post.Version, post.Counts.Likes, post.Liked));
        Assert.Equal(["m1", "m\"2"], post.MediaIds);
        Assert.Equal(new PersonSummary(writer.Id, writer.Handle, writer.Name), post.Author);
        Assert.Equal(published.CreatedAt, post.CreatedAt);
        Assert.True(post.EditedAt >= post.CreatedAt);
    }

    [Fact]
    public async Task What_is_written_by_hand_is_what_the_serializer_would_write()
    {
        var writer = await server.JoinAsync("writer");
        var reader = await server.JoinAsync("reader");
        await reader.Client.FollowAsync(writer.Id, Ct);
        foreach (var type in Enum.GetValues<PostType>())
        {
            var id = (await writer.Client.PublishAsync(new PublishRequest($"a {type}", type, ["m"]), null, Ct)).Id;
            await reader.Client.ShareAsync(id, Ct);
            foreach (var caller in new[] { writer, reader })
            {
                var byHand = await caller.Client.SendAsync("GET", $"/v1/posts/{id}").TextAsync();
                var view = JsonSerializer.Deserialize(byHand, WireJson.Wire.PostView)!;
                Assert.Equal(type, view.Type);
                using var hand = JsonDocument.Parse(byHand);
                using var serializer = JsonDocument.Parse(JsonSerializer.Serialize(view, WireJson.Wire.PostView));
                Assert.True(JsonElement.DeepEquals(hand.RootElement, serializer.RootElement), byHand);
            }
        }
    }

    [Fact]
    public async Task The_audience_list_is_told_to_the_author_alone()
    {
        var writer = await server.JoinAsync("writer");
        var member = await server.JoinAsync("member");
        var list = await writer.Client.AddAudienceAsync("few", Ct);
        await writer.Client.AddAudienceMemberAsync(list.Id, member.Id, Ct);
        var id = (await writer.Client.PublishAsync(new PublishRequest("for few", Audience: Audience.Custom, AudienceList: list.Id), null, Ct)).Id;
        Assert.Equal(list.Id, (await writer.Client.PostAsync(id, Ct)).AudienceList);
        var seen = await member.Client.PostAsync(id, Ct);
        Assert.Null(seen.AudienceList);
        Assert.Equal(Audience.Custom, seen.Audience);
    }

    [Fact]
    public async Task A_new_name_stands_beside_old_posts_at_once()
    {
        var writer = await server.JoinAsync("writer");
        var id = (await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct)).Id;
        Assert.Equal("writer", (await writer.Client.PostAsync(id, Ct)).Author.Name);
        await writer.Client.EditMeAsync(new EditProfileRequest("Somebody"), Ct);
        Assert.Equal("Somebody", (await writer.Client.PostAsync(id, Ct)).Author.Name);
        Assert.Equal("Somebody", (await writer.Client.FeedAsync(null, null, null, Ct)).Items.Single().Author.Name);
    }

    [Fact]
    public async Task Counters_and_marks_are_those_of_the_moment_and_of_the_reader()
    {
        var writer = await server.JoinAsync("writer");
        var reader = await server.JoinAsync("reader");
        await reader.Client.FollowAsync(writer.Id, Ct);
        var id = (await writer.Client.PublishAsync(new PublishRequest("a"), null, Ct)).Id;
        Assert.Equal(new EngagementView(id, new PostCountsView(1, 0, 0), true, false), await reader.Client.LikeAsync(id, Ct));
        Assert.Equal(new EngagementView(id, new PostCountsView(1, 0, 0), true, false), await reader.Client.LikeAsync(id, Ct));
        Assert.Equal(new EngagementView(id, new PostCountsView(1, 0, 1), true, true), await reader.Client.ShareAsync(id, Ct));
        await writer.Client.CommentAsync(id, "c", null, Ct);

        var ofReader = (await reader.Client.FeedAsync("latest", null, null, Ct)).Items.Single();
        var ofWriter = (await writer.Client.FeedAsync("latest", null, null, Ct)).Items.Single();
        Assert.Equal(new PostCountsView(1, 1, 1), ofReader.Counts);
        Assert.Equal((true, true, false, false), (ofReader.Liked, ofReader.Shared, ofWriter.Liked, ofWriter.Shared));
        Assert.Equal(new EngagementView(id, new PostCountsView(0, 1, 1), false, true), await reader.Client.UnlikeAsync(id, Ct));
        Assert.Equal(new EngagementView(id, new PostCountsView(0, 1, 0), false, false), await reader.Client.UnshareAsync(id, Ct));
    }

    [Fact]
    public void The_wire_and_the_domain_number_types_and_audiences_alike()
    {
        Assert.Equal(Enum.GetNames<Tidings.Posts.PostType>(), Enum.GetNames<PostType>());
        Assert.Equal(Enum.GetNames<Tidings.Posts.Audience>(), Enum.GetNames<Audience>());
    }

    [Fact]
    public async Task A_long_text_is_sent_whole_though_it_is_not_kept()
    {
        var writer = await server.JoinAsync("writer");
        var text = new string('ä', 10_000);
        var id = (await writer.Client.PublishAsync(new PublishRequest(text), null, Ct)).Id;
        Assert.Equal(text, (await writer.Client.PostAsync(id, Ct)).Text);
        Assert.Equal(text, (await writer.Client.FeedAsync(null, null, null, Ct)).Items.Single().Text);
    }
}
