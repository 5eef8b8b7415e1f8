using CsCheck;
using Tidings.Feeds;
using Xunit;

namespace Tidings.Tests.Feeds;

public sealed class RankSortTests
{
    private static readonly Gen<uint[]> Uppers = Gen.OneOf(
        Gen.UInt.Array[0, 1_000], Gen.UInt[0, 3].Array[0, 1_000], Gen.UInt[0xC000_0000, 0xC0FF_FFFF].Array[0, 1_000],
        Gen.UInt[0xC000_0000, 0xC000_0FFF].Array[0, 999].Select(crowd => (uint[])[.. crowd, 0]));

    [Fact]
    public void Keys_come_out_as_from_any_other_sort_however_many_and_however_alike() => Uppers.Sample(uppers =>
    {
        var keys = uppers.Select((upper, i) => (ulong)upper << 32 | (uint)i).ToArray();
        var expected = keys.Order().ToArray();
        RankSort.Sort(keys, new ulong[1_000]);
        Assert.Equal(expected, keys);
    });
}
