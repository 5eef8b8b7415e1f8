using CsCheck;
using Tidings.Embedded.Memory;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Memory;

public sealed class HotPostsTests
{
    private static readonly Gen<uint> FirstSlots = Gen.OneOf(Gen.Const(1u), Gen.UInt[uint.MaxValue - 40, uint.MaxValue]);

    [Fact]
    public void It_holds_the_newest_posts_as_a_plain_list_does_also_when_slots_wrap_round() =>
        Gen.Select(FirstSlots, Gen.Int[1, 5], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 60]).Array[0, 150]).Sample((first, log2, steps) =>
        {
            using var hot = new HotPosts(1 << log2, first);
            var model = new List<(uint Slot, PostHeader Header)>();
            long next = 1;
            foreach (var (step, which) in steps)
            {
                var at = model.Count == 0 ? -1 : which % model.Count;
                if (step == 3 && at >= 0)
                {
                    var edited = Made.Post(model[at].Header.Id.Value, model[at].Header.Author.Value, model[at].Header.Version + 1);
                    model[at] = (model[at].Slot, edited with { Counts = model[at].Header.Counts });
                    hot.SetState(edited);
                }
                else if (step == 4 && at >= 0)
                {
                    var counts = new Counts(which, which + 1, which + 2);
                    model[at] = (model[at].Slot, model[at].Header with { Counts = counts });
                    hot.SetCounts(model[at].Header.Id, counts);
                }
                else
                {
                    next += 1 + which;
                    var header = Made.Post(next, 7);
                    model.Add((hot.Add(header), header));
                }
                Check(hot, model, next);
            }
        });

    private static void Check(HotPosts hot, List<(uint Slot, PostHeader Header)> model, long newest)
    {
        // Slot 0 is passed over, and its line stays empty for one round.
        var passed = model.Count > 0 && model[^1].Slot < hot.Capacity && model.Exists(m => m.Slot > int.MaxValue);
        var live = model.Skip(Math.Max(0, model.Count - (int)hot.Capacity + (passed ? 1 : 0))).ToList();
        Assert.Equal(live.Count, hot.Count);
        Assert.Equal(live.Count == 0 ? PostId.None : live[0].Header.Id, hot.Oldest);
        Assert.DoesNotContain(0u, model.Select(m => m.Slot));
        Assert.Equal(model.Count, model.Select(m => m.Slot).Distinct().Count());

        var ids = model.Select(m => m.Header.Id).Append(new PostId(newest + 1)).ToArray();
        // A table that was used before: what is not hot leaves nothing of it.
        var headers = Enumerable.Repeat(Made.Post(1_000_000, 9), ids.Length).ToArray();
        Assert.Equal(ids.Length - live.Count, hot.Get(ids, headers));
        Assert.Equal(live.Select(m => m.Header), headers.Where(h => h.Version > 0));
        CheckTrail(hot, live, ids, headers);
        foreach (var (slot, header) in model)
        {
            var isLive = live.Exists(m => m.Slot == slot);
            Assert.Equal(isLive, hot.TryGet(header.Id, out var found));
            Assert.Equal(isLive ? header : default, found);
            Assert.Equal(isLive, hot.TryGetSlot(header.Id, out var foundSlot) && foundSlot == slot);
            Assert.Equal(isLive, hot.TryGetId(slot, out var id) && id == header.Id);
        }
        for (var before = newest + 1; before >= Math.Max(0, newest - 200); before -= 7)
        {
            var older = live.LastOrDefault(m => m.Header.Id.Value < before);
            var slot = hot.SlotBefore(new PostId(before));
            if (older.Slot != 0) Assert.Equal(older.Header.Id, hot.TryGetId(slot == 0 ? uint.MaxValue : slot, out var id) ? id : default);
            else Assert.False(hot.IsLive(slot));
        }
    }

    /// <summary>After some slots were turned into ids the headers are the same, of those and of others, in whatever order they are asked for.</summary>
    private static void CheckTrail(HotPosts hot, List<(uint Slot, PostHeader Header)> live, PostId[] ids, PostHeader[] expected)
    {
        var some = live.Where((_, i) => i % 3 != 1).Select(m => m.Slot).Reverse().ToArray();
        Assert.Equal(some.Length, hot.Ids(some, new PostId[some.Length]));
        foreach (var asked in new[] { ids, [.. ids.Reverse()] })
        {
            var headers = Enumerable.Repeat(Made.Post(1_000_000, 9), ids.Length).ToArray();
            hot.Get(asked, headers);
            Assert.Equal(asked == ids ? expected : expected.Reverse(), headers);
        }
    }

    [Fact]
    public void Slots_and_ids_translate_without_gaps()
    {
        using var hot = new HotPosts(128);
        for (var id = 1; id <= 300; id++)
            hot.Add(Made.Post(id, 1));
        var ids = Enumerable.Range(1, 300).Select(id => new PostId(id)).ToArray();
        var slots = new uint[300];
        Assert.Equal(128, hot.Slots(ids, slots));
        var back = new PostId[300];
        Assert.Equal(128, hot.Ids(slots, back));
        Assert.Equal(ids[^128..], back[..128]);
    }

    [Fact]
    public void An_id_out_of_order_is_a_bug()
    {
        using var hot = new HotPosts(4);
        hot.Add(Made.Post(5, 1));
        Assert.Throws<ArgumentException>(() => hot.Add(Made.Post(5, 1)));
    }

    [Fact]
    public async Task Readers_never_see_a_torn_header()
    {
        const int posts = 300_000;
        using var hot = new HotPosts(64);
        var done = false;
        for (var id = 1; id <= 64; id++)
            hot.Add(Made.Post(id, id));
        using var started = new CountdownEvent(2);
        var readers = Made.Race(2, seed =>
        {
            var random = new Lcg(seed);
            var (ids, headers, seen) = (new PostId[40], new PostHeader[40], 0);
            started.Signal();
            do
            {
                var newest = hot.Oldest.Value + 64;
                for (var i = 0; i < ids.Length; i++)
                    ids[i] = new PostId(Math.Max(1, newest - random.Next(80)));
                hot.Get(ids, headers);
                for (var i = 0; i < ids.Length; i++)
                {
                    if (headers[i].Version == 0) continue;
                    seen++;
                    var whole = Made.Post(ids[i].Value, ids[i].Value % 1_000, headers[i].Version);
                    Assert.Equal(whole, headers[i] with { EditedUnixMs = whole.EditedUnixMs });
                }
                if (hot.TryGetSlot(ids[0], out var slot) && hot.TryGetId(slot, out var id)) Assert.Equal(ids[0], id);
            }
            while (!Volatile.Read(ref done));
            return seen;
        });
        started.Wait(TestContext.Current.CancellationToken);
        for (var id = 65; id <= posts; id++)
        {
            hot.Add(Made.Post(id, id % 1_000));
            for (var version = 2; version < 5; version++)
                hot.SetState(Made.Post(id, id % 1_000, version));
        }
        Volatile.Write(ref done, true);
        Assert.All(await Task.WhenAll(readers), seen => Assert.True(seen > 0));
    }
}
