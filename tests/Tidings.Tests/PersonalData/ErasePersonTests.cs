using Tidings.Feeds;
using Tidings.Graph;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;
using Tidings.Tests.Simulation;
using Xunit;

namespace Tidings.Tests.PersonalData;

public sealed class ErasePersonTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static async Task<List<PostId>> FeedAsync(SimulatedTidings tidings, UserId reader)
    {
        using var page = (await tidings.ReadFeed.ExecuteAsync(reader, new FeedQuery(FeedOrder.Latest, 100, null), None)).Value;
        return [.. page.Items.ToArray().Select(item => item.Header.Id)];
    }

    private static async Task<PostId> PostAsync(SimulatedTidings tidings, UserId author) => (await tidings.Publish.ExecuteAsync(
        new NewPost(author, PostType.Text, Audience.Public, default, new PostBody("a post", [])), null, None)).Value.Id;

    /// <summary>Pushed authors and pulled ones.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public async Task Feeds_hold_at_every_moment_of_an_erasure_and_after_it_nothing_of_the_erased(int thresholdFollowers)
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers);
        var (reader, gone, stays) = (await tidings.JoinAsync("reader"), await tidings.JoinAsync("gone"), await tidings.JoinAsync("stays"));
        await tidings.ChangeTie.ExecuteAsync(reader, TieAction.Follow, gone, None);
        await tidings.ChangeTie.ExecuteAsync(reader, TieAction.Follow, stays, None);
        await tidings.DrainFanOutAsync();
        var kept = new List<PostId>();
        for (var i = 0; i < 10; i++)
        {
            await PostAsync(tidings, gone);
            kept.Add(await PostAsync(tidings, stays));
        }
        await tidings.DrainFanOutAsync();
        Assert.Equal(20, (await FeedAsync(tidings, reader)).Count);

        var data = tidings.Profile.PersonalData;
        Assert.True(await new ErasePerson(data, tidings.Profile.Inboxes).CloseAsync(gone, None));
        while (await data.EraseSomeAsync(gone, None))
        {
            Assert.Superset(kept.ToHashSet(), (await FeedAsync(tidings, reader)).ToHashSet());
            await tidings.DrainFanOutAsync();
        }
        kept.Reverse();
        Assert.Equal(kept, await FeedAsync(tidings, reader));
        Assert.Empty(await FeedAsync(tidings, gone));
    }

    [Fact]
    public async Task What_a_crash_cuts_off_is_finished_by_whoever_asks_next_for_all_who_wait()
    {
        await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 100);
        UserId[] gone = [await tidings.JoinAsync("one"), await tidings.JoinAsync("two")];
        var stays = await tidings.JoinAsync("stays");
        foreach (var person in gone)
        {
            await PostAsync(tidings, person);
            await tidings.ChangeTie.ExecuteAsync(stays, TieAction.Follow, person, None);
            Assert.True(await new ErasePerson(tidings.Profile.PersonalData, tidings.Profile.Inboxes).CloseAsync(person, None));
        }
        await tidings.Profile.PersonalData.EraseSomeAsync(gone[0], None);
        await tidings.CrashAsync();

        var erase = new ErasePerson(tidings.Profile.PersonalData, tidings.Profile.Inboxes);
        Assert.False(await erase.CloseAsync(gone[0], None));
        Assert.Equal(gone, await erase.FinishAsync(None));
        Assert.Empty(await erase.FinishAsync(None));
        Assert.Equal(0, (await tidings.Profile.Graph.CountsAsync(stays, None)).Following);
        Assert.Null(await tidings.Profile.People.FindAsync("one", None));
    }
}
