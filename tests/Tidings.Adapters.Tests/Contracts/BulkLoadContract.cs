using Tidings.Graph;
using Tidings.Import;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class BulkLoadContract : Contract
{
    [Fact]
    public async Task People_whose_handle_is_new_are_added_and_all_ids_come_back()
    {
        var ada = await JoinAsync("ada");
        var into = new UserId[4];
        NewPerson[] people = [new("eve", "Eve", "", []), new("ada", "Other", "", []), new("bob", "Bob", "", []), new("eve", "Eve", "", [])];

        Assert.Equal(2, await Ports.Bulk.AddPeopleAsync(people, into, Ct));

        Assert.Equal([into[0], ada, into[2], into[0]], into);
        Assert.Equal(into[2], await Ports.People.FindAsync("bob", Ct));
        Assert.Equal(0, await Ports.Bulk.AddPeopleAsync(people, into, Ct));
        Assert.Equal(1, await Ports.EndAsync(Ct));
    }

    [Fact]
    public async Task A_batch_stores_its_follows_and_the_place_it_reaches()
    {
        var people = await JoinManyAsync(4);
        await DoAsync(people[3], TieAction.Block, people[0]);
        (UserId, UserId)[] follows =
            [(people[1], people[0]), (people[2], people[0]), (people[1], people[0]), (people[1], people[1]), (people[0], people[3]), (people[2], people[1])];

        Assert.Equal(0, await Ports.Bulk.ReachedAsync("file", Ct));
        await Ports.Bulk.StoreAsync(new LoadBatch("file", 6, follows, []), Ct);
        await Ports.Bulk.StoreAsync(new LoadBatch("file", 9, follows, []), Ct);

        Assert.Equal(9, await Ports.Bulk.ReachedAsync("file", Ct));
        Assert.Equal(0, await Ports.Bulk.ReachedAsync("other", Ct));
        Assert.Equal(new GraphCounts(0, 2, 0), await Ports.Graph.CountsAsync(people[0], Ct));
        Assert.Equal(new GraphCounts(1, 1, 0), await Ports.Graph.CountsAsync(people[1], Ct));
        Assert.Equal(Tie.BlockedBy, await Ports.Graph.TieAsync(people[0], people[3], Ct));
    }

    [Fact]
    public async Task Posts_keep_their_times_in_any_order_and_are_read_by_id()
    {
        var ada = await JoinAsync();
        var day = NowUnixMs - 86_400_000;
        long[] times = [day + 5, day, day + 5, day + 9, day + 5, NowUnixMs + 60_000, 0];
        var posts = times.Select((time, i) => new DatedPost(TextOf(ada, $"{i}"), time)).ToArray();

        await Ports.Bulk.StoreAsync(new LoadBatch("posts", 4, [], posts[..4]), Ct);
        await Ports.Bulk.StoreAsync(new LoadBatch("posts", 7, [], posts[4..]), Ct);

        var now = await PublishAsync(ada);
        Assert.True(now.UnixMs >= NowUnixMs);
        var first = new PostId(TimeOrderedId.Next(0, day + 5, Ports.ShardOf(ada)));
        Assert.Equal("0", (await BodyAsync(first))!.Text);
        var second = new PostId(TimeOrderedId.Next(first.Value, day + 5, Ports.ShardOf(ada)));
        Assert.Equal("2", (await BodyAsync(second))!.Text);
        Assert.Equal("4", (await BodyAsync(new PostId(TimeOrderedId.Next(second.Value, day + 5, Ports.ShardOf(ada)))))!.Text);
        Assert.Equal(ada, (await HeaderAsync(second)).Author);
    }
}
