using System.Net;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Affinity;

public sealed class AffinityTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Every_interaction_raises_affinity_by_its_weight()
    {
        var (reader, viewed, written, liked, shared, commented) = (await JoinAsync(), await JoinAsync(), await JoinAsync(), await JoinAsync(),
            await JoinAsync(), await JoinAsync());
        await reader.Client.ViewPersonAsync(viewed.Id, Ct);
        await reader.Client.ViewPersonAsync(viewed.Id, Ct);
        await reader.Client.MessagePersonAsync(written.Id, Ct);
        await reader.Client.MessagePersonAsync(written.Id, Ct);
        await reader.Client.LikeAsync(await PostOf(liked), Ct);
        await reader.Client.ShareAsync(await PostOf(shared), Ct);
        await reader.Client.CommentAsync(await PostOf(commented), "x", null, Ct);

        var top = (await reader.Client.AffinityAsync(null, Ct)).Items;
        Assert.Equal([written.Id, shared.Id, commented.Id, liked.Id, viewed.Id], top.Select(one => one.Person.Id));
        Assert.Equal([10, 8, 5, 2, 1], top.Select(one => Math.Round(one.Score)));
        Assert.Equal(written.Handle, top[0].Person.Handle);
        Assert.Single((await reader.Client.AffinityAsync(1, Ct)).Items);
        Assert.Empty((await viewed.Client.AffinityAsync(null, Ct)).Items);
    }

    [Fact]
    public async Task An_encounter_moves_the_persons_posts_up_in_the_next_read()
    {
        var (reader, one, other) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        await reader.Client.FollowAsync(one.Id, Ct);
        await reader.Client.FollowAsync(other.Id, Ct);
        await PostOf(one);
        await PostOf(other);
        await server.SettledAsync();
        var before = (await reader.Client.FeedAsync(null, null, null, Ct)).Items;
        await reader.Client.MessagePersonAsync(before[1].Author.Id, Ct);
        Assert.Equal([before[1].Id, before[0].Id], (await reader.Client.FeedAsync(null, null, null, Ct)).Items.Select(p => p.Id));
    }

    [Fact]
    public async Task Where_a_block_stands_nothing_counts_and_nobody_shows()
    {
        var (reader, other) = (await JoinAsync(), await JoinAsync());
        await reader.Client.MessagePersonAsync(other.Id, Ct);
        await other.Client.BlockAsync(reader.Id, Ct);
        Assert.Empty((await reader.Client.AffinityAsync(null, Ct)).Items);
        var problem = await reader.Client.SendAsync("POST", $"/v1/people/{other.Id}/views").ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal("person_not_found", problem.Code);
        problem = await other.Client.SendAsync("POST", $"/v1/people/{reader.Id}/messages").ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal("blocked", problem.Code);
        Assert.Equal(204, await other.Client.StatusAsync("POST", $"/v1/people/{reader.Id}/views"));
        Assert.Empty((await other.Client.AffinityAsync(null, Ct)).Items);
    }

    private Task<Someone> JoinAsync() => server.JoinAsync("someone");

    private static async Task<string> PostOf(Someone author) => (await author.Client.PublishAsync(new PublishRequest("a"), null, Ct)).Id;
}
