using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class SnapshotsContract : Contract
{
    private static readonly PostId[] Order = [.. Enumerable.Range(1, 200).Select(i => new PostId(i * 1_000_000_007L % 999_983))];

    [Fact]
    public async Task A_snapshot_is_read_by_its_reader_as_it_was_saved()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var saved = await Ports.Snapshots.SaveAsync(ada, Order, Ct);

        Assert.Equal(Order, (await ReadAsync(ada, saved))!);
        Assert.Null(await ReadAsync(bob, saved));
        Assert.Null(await ReadAsync(ada, new SnapshotId(saved.Value + 12345)));
    }

    [Fact]
    public async Task A_settled_stretch_shows_the_new_order_and_the_rest_stays()
    {
        var ada = await JoinAsync();
        var saved = await Ports.Snapshots.SaveAsync(ada, Order, Ct);

        await Ports.Snapshots.SettleAsync(ada, saved, 2, new[] { Order[4], Order[2], Order[3] }, Ct);

        PostId[] expected = [.. Order[..2], Order[4], Order[2], Order[3], .. Order[5..]];
        Assert.Equal(expected, (await ReadAsync(ada, saved))!);
    }

    [Fact]
    public async Task The_oldest_of_too_many_goes_and_none_outlives_its_lifetime()
    {
        var ada = await JoinAsync();
        var saved = new List<SnapshotId>();
        for (var i = 0; i <= ISnapshots.PerReaderMax; i++)
            saved.Add(await Ports.Snapshots.SaveAsync(ada, Order, Ct));

        Assert.Null(await ReadAsync(ada, saved[0]));
        Assert.Equal(Order, (await ReadAsync(ada, saved[1]))!);
        Clock.Advance(ISnapshots.Lifetime + TimeSpan.FromMinutes(1));
        Assert.Null(await ReadAsync(ada, saved[^1]));
        await Ports.Snapshots.SettleAsync(ada, saved[^1], 0, Order.AsMemory(0, 3), Ct);
    }

    private async Task<PostId[]?> ReadAsync(UserId reader, SnapshotId snapshot)
    {
        var into = new PostId[1_000];
        var count = await Ports.Snapshots.ReadAsync(reader, snapshot, into, Ct);
        return count < 0 ? null : into[..count];
    }
}
