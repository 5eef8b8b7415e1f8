using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tidings.Embedded.Memory;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Xunit;
using static Tidings.Adapters.Tests.Memory.Made;

namespace Tidings.Adapters.Tests.Memory;

public sealed class SnapshotsTests
{
    private sealed record Plain(UserId Reader, SnapshotId Id, DateTimeOffset Saved, PostId[] Order);

    [Fact]
    public void Snapshots_live_until_they_are_four_old_or_out_of_room() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 6], Gen.Int[0, 1_000], Gen.Int[0, 1_000]).Array[0, 200].Sample(steps =>
        {
            const long limit = 40 << 10;
            using var slab = new Slab(64 << 10);
            var clock = new FakeTimeProvider();
            using var snapshots = new Snapshots(slab, clock, limit, shards: 1);
            var (model, known) = (new List<Plain>(), new List<Plain>());
            foreach (var (step, person, length, at) in steps)
            {
                var reader = new UserId(person);
                if (step < 3)
                {
                    var order = Enumerable.Range(at, length).Select(i => new PostId(i)).ToArray();
                    var saved = new Plain(reader, Now(snapshots.SaveAsync(reader, order, default)), clock.GetUtcNow(), order);
                    if (model.Where(s => s.Reader == reader).ToArray() is { Length: ISnapshots.PerReaderMax } full) model.Remove(full[0]);
                    while (model.Sum(BytesOf) + BytesOf(saved) > limit)
                        model.RemoveAt(0);
                    model.Add(saved);
                    known.Add(saved);
                }
                else if (step == 3)
                {
                    clock.Advance(TimeSpan.FromSeconds(length));
                    model.RemoveAll(s => s.Saved + ISnapshots.Lifetime <= clock.GetUtcNow());
                }
                else if (known.Count > 0)
                {
                    var chosen = known[at % known.Count];
                    var from = length % (chosen.Order.Length + 1);
                    var rest = chosen.Order[from..].Reverse().ToArray();
                    Now(snapshots.SettleAsync(chosen.Reader, chosen.Id, from, rest, default));
                    if (model.Contains(chosen)) rest.CopyTo(chosen.Order, from);
                }
                foreach (var any in known)
                {
                    var into = new PostId[Math.Max(1, any.Order.Length - 1)];
                    var count = Now(snapshots.ReadAsync(any.Reader, any.Id, into, default));
                    Assert.Equal(model.Contains(any) ? Math.Min(into.Length, any.Order.Length) : -1, count);
                    if (count >= 0) Assert.Equal(any.Order.Take(count), into[..count]);
                    Assert.Equal(-1, Now(snapshots.ReadAsync(new UserId(any.Reader.Value + 1), any.Id, into, default)));
                }
                Assert.True(snapshots.Bytes <= limit && snapshots.Bytes == slab.UsedBytes);
            }
            snapshots.Dispose();
            Assert.Equal(0, slab.UsedBytes);
        }, iter: 100);

    private static int BytesOf(Plain snapshot) => Slab.BytesOf(Slab.ClassOf(snapshot.Order.Length * sizeof(long)));

    [Fact]
    public void A_snapshot_of_an_earlier_process_is_gone()
    {
        using var slab = new Slab(1 << 20);
        var clock = new FakeTimeProvider();
        using var earlier = new Snapshots(slab, clock, 1 << 20);
        var snapshot = Now(earlier.SaveAsync(new UserId(1), new PostId[3], default));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        using var later = new Snapshots(slab, clock, 1 << 20);
        Assert.NotEqual(snapshot, Now(later.SaveAsync(new UserId(1), new PostId[3], default)));
        Assert.Equal(-1, Now(later.ReadAsync(new UserId(1), snapshot, new PostId[3], default)));
    }

    [Fact]
    public void A_stretch_beyond_the_snapshot_is_a_bug()
    {
        using var slab = new Slab(1 << 20);
        using var snapshots = new Snapshots(slab, new FakeTimeProvider(), 1 << 20);
        var snapshot = Now(snapshots.SaveAsync(new UserId(1), new PostId[3], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = snapshots.SettleAsync(new UserId(1), snapshot, 2, new PostId[2], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = snapshots.SaveAsync(new UserId(1), new PostId[1_025], default));
    }

    [Fact]
    public void Saving_allocates_nothing_once_the_shards_have_grown()
    {
        using var slab = new Slab(16 << 20);
        using var snapshots = new Snapshots(slab, new FakeTimeProvider(), 16 << 20);
        var order = new PostId[1_000];
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var person = 1; person <= 300; person++)
                Now(snapshots.SaveAsync(new UserId(person), order, default));
            if (round >= 10) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [Fact]
    public void Threads_never_see_another_readers_order()
    {
        using var slab = new Slab(4 << 20);
        using var snapshots = new Snapshots(slab, new FakeTimeProvider(), 1 << 20, shards: 2);
        Parallel.For(1, 9, person =>
        {
            var (order, into) = (new PostId[1_000], new PostId[1_000]);
            Array.Fill(order, new PostId(person));
            for (var i = 0; i < 3_000; i++)
            {
                var snapshot = Now(snapshots.SaveAsync(new UserId(person), order, default));
                var count = Now(snapshots.ReadAsync(new UserId(person), snapshot, into, default));
                if (count >= 0) Assert.Equal(order, into[..count]);
            }
        });
        Assert.True(snapshots.Bytes <= 1 << 20);
    }
}
