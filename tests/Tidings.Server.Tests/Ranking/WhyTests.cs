using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Server.Tests.Ranking;

public sealed class WhyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private async Task<(Someone Writer, Someone Reader, string Post)> PostedAsync(int posts = 1)
    {
        var (writer, reader) = (await server.JoinAsync("writer"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(writer.Id, Ct);
        var first = "";
        for (var i = 0; i < posts; i++)
        {
            var post = await writer.Client.PublishAsync(new PublishRequest($"{i}"), null, Ct);
            first = first.Length == 0 ? post.Id : first;
        }
        await server.SettledAsync();
        return (writer, reader, first);
    }

    [Fact]
    public async Task A_post_on_the_page_tells_its_rank_and_score_features_and_terms()
    {
        var (_, reader, post) = await PostedAsync();
        await reader.Client.LikeAsync(post, Ct);
        var shown = (await reader.Client.FeedAsync(null, null, null, Ct)).Items.Single();
        var why = await reader.Client.WhyAsync(post, Ct);
        Assert.Equal((true, "page", null, 1), (why.Shown, why.Stage, why.Rule, why.Rank));
        Assert.Equal(shown.Score!.Value, why.Score!.Value, 1e-3f);
        Assert.Equal(Heads.Names, why.Heads!.Keys);
        Assert.Equal(why.Score.Value, why.Terms.Sum(term => term.Value), 1e-3f);
        Assert.Equal(MathF.Log(2), why.Features["likes"], 1e-5f);
        Assert.Equal(2, why.Features["author_affinity"], 1e-2f);
        Assert.Equal(Features.Names, why.Features.Keys);
    }

    [Fact]
    public async Task A_post_that_is_not_in_the_feed_tells_the_rule()
    {
        var (writer, reader, post) = await PostedAsync();
        await reader.Client.HideAsync(post, Ct);
        Assert.Equal("rules hidden", await RuleAsync(reader, post));
        await reader.Client.UnhideAsync(post, Ct);
        await reader.Client.MuteAsync(writer.Id, Ct);
        Assert.Equal("rules muted", await RuleAsync(reader, post));
        await reader.Client.UnmuteAsync(writer.Id, Ct);
        await reader.Client.UnfollowAsync(writer.Id, Ct);
        Assert.Equal("candidates unfollowed", await RuleAsync(reader, post));
        await writer.Client.BlockAsync(reader.Id, Ct);
        Assert.Equal(404, (await Assert.ThrowsAsync<TidingsException>(() => reader.Client.WhyAsync(post, Ct))).Status);
        var operators = await server.Admin.WhyAsync(reader.Id, post, Ct);
        Assert.Equal("candidates blocked", $"{operators.Stage} {operators.Rule}");
    }

    [Fact]
    public async Task A_post_that_was_put_off_for_diversity_says_so_and_one_below_the_page_too()
    {
        // By the first pass alone, whose order of posts of one moment is that of time: the model's is its own.
        await server.Admin.SetRankingAsync(new RankingRequest(UseModel: false), Ct);
        var (writer, reader, oldest) = await PostedAsync(posts: 30);
        var other = await server.JoinAsync("other");
        await reader.Client.FollowAsync(other.Id, Ct);
        for (var i = 0; i < 2; i++)
            await other.Client.PublishAsync(new PublishRequest($"other {i}"), null, Ct);
        await server.SettledAsync();
        Assert.Equal("diversity per_author_max", await RuleAsync(reader, oldest));

        for (var i = 0; i < 11; i++)
        {
            var another = await server.JoinAsync("another");
            await reader.Client.FollowAsync(another.Id, Ct);
            await another.Client.PublishAsync(new PublishRequest("one"), null, Ct);
            await another.Client.PublishAsync(new PublishRequest("two"), null, Ct);
        }
        await server.SettledAsync();
        var why = await reader.Client.WhyAsync(oldest, Ct);
        Assert.Equal(("page", "below_the_page", false), (why.Stage, why.Rule, why.Shown));
        Assert.True(why.Rank > 20);
        Assert.NotEmpty(writer.Id);
        await server.Admin.SetRankingAsync(new RankingRequest(UseModel: true), Ct);
    }

    [Fact]
    public async Task Nobodys_feed_has_no_why() =>
        Assert.Equal(404, (await Assert.ThrowsAsync<TidingsException>(() => server.Admin.WhyAsync("999999", "1", Ct))).Status);

    private static async Task<string> RuleAsync(Someone reader, string post)
    {
        var why = await reader.Client.WhyAsync(post, Ct);
        Assert.False(why.Shown);
        return $"{why.Stage} {why.Rule}";
    }
}
