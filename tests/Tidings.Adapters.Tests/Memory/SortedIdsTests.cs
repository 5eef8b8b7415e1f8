using CsCheck;
using Tidings.Embedded.Memory;
using Xunit;

namespace Tidings.Adapters.Tests.Memory;

public sealed class SortedIdsTests
{
    /// <summary>Sizes around those at which the form changes, ids dense enough to meet again.</summary>
    private static readonly Gen<uint[]> Begins = Gen.OneOf(Gen.Const(0), Gen.Int[1, 20], Gen.Int[500, 1_100], Gen.Int[3_000, 9_000])
        .SelectMany(count => Gen.UInt[1, (uint)(3 * count) + 10].Array[count]).Select(ids => new SortedSet<uint>(ids).ToArray());

    [Fact]
    public void It_is_a_sorted_set_and_earlier_versions_stay_what_they_were() =>
        Gen.Select(Begins, Gen.Select(Gen.Int[0, 9], Gen.UInt[0, 28_000]).Array[0, 60]).Sample((begin, steps) =>
        {
            var set = SortedIds.From(begin);
            var model = new SortedSet<uint>(begin);
            foreach (var (step, id) in steps)
            {
                var (before, was) = (set, model.ToArray());
                if (step < 4)
                {
                    set = set.Add(id);
                    model.Add(id);
                }
                else if (step < 8)
                {
                    var gone = step < 6 && was.Length > 0 ? was[id % was.Length] : id;
                    set = set.Remove(gone);
                    model.Remove(gone);
                }
                else
                {
                    var more = Enumerable.Range(0, (int)(id % (step == 8 ? 5u : 2_000u))).Select(i => (uint)(id + (i * 3))).ToArray();
                    set = set.Union(more);
                    model.UnionWith(more);
                }
                Assert.Equal(was, before.ToArray());
                Check(set, model, id);
            }
        }, iter: 100);

    private static void Check(SortedIds set, SortedSet<uint> model, uint around)
    {
        Assert.Equal(model.Count, set.Count);
        Assert.Equal(model, set.ToArray());
        for (var id = around - Math.Min(around, 3); id < around + 3; id++)
            Assert.Equal(model.Contains(id), set.Contains(id));
        var into = new uint[around % 1_500];
        var count = set.CopyAfter(around, into);
        Assert.Equal(model.GetViewBetween(around + 1, uint.MaxValue).Take(into.Length), into[..count]);
    }

    [Fact]
    public void A_large_set_shrinks_to_nothing()
    {
        var ids = Enumerable.Range(1, 300_000).Select(i => (uint)i).ToArray();
        var set = SortedIds.From(ids);
        foreach (var id in ids.OrderBy(id => id * 2_654_435_761u))
            set = set.Remove(id);
        Assert.Equal(0, set.Count);
        Assert.False(set.Contains(1));
        Assert.Equal(0, set.CopyAfter(0, new uint[1]));
    }

    [Fact]
    public void A_large_set_grows_in_any_order()
    {
        foreach (var order in (Func<uint, uint>[])[i => i, i => 200_000 - i, i => i * 2_654_435_761u])
        {
            SortedIds set = default;
            for (uint i = 0; i < 200_000; i++)
                set = set.Add(order(i));
            Assert.Equal(200_000, set.Count);
            var all = set.ToArray();
            Assert.True(all.Zip(all.Skip(1)).All(pair => pair.First < pair.Second));
        }
    }

    [Fact]
    public void The_last_id_there_is_ends_a_walk()
    {
        var set = SortedIds.From([1, uint.MaxValue]);
        Assert.Equal(2, set.CopyAfter(0, new uint[5]));
        Assert.Equal(0, set.CopyAfter(uint.MaxValue, new uint[5]));
        Assert.Equal([1u, uint.MaxValue], set.ToArray());
    }
}
