using System.Text;
using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;
using Xunit;

namespace Tidings.Adapters.Tests.Postgres;

public sealed class ShardTests
{
    [Theory]
    [InlineData("", 0u, 0u)]
    [InlineData("", 1u, 0x514e28b7u)]
    [InlineData("", 0xffffffffu, 0x81f16f39u)]
    [InlineData("aaaa", 0x9747b28cu, 0x5a97808au)]
    [InlineData("abc", 0x9747b28cu, 0xc84a62ddu)]
    [InlineData("Hello, world!", 0x9747b28cu, 0x24884cbau)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x9747b28cu, 0x2fa826cdu)]
    public void Murmur3_is_as_published(string text, uint seed, uint hash) => Assert.Equal(hash, Murmur3.Hash(Encoding.UTF8.GetBytes(text), seed));

    [Fact]
    public void Murmur3_takes_any_bytes()
    {
        Assert.Equal(0x76293b50u, Murmur3.Hash([0xff, 0xff, 0xff, 0xff], 0));
        Assert.Equal(0x7e4a8634u, Murmur3.Hash([0x21, 0x43, 0x65], 0));
    }

    /// <summary>Computed elsewhere. Where a person is can never change.</summary>
    [Theory]
    [InlineData(1, 235)]
    [InlineData(2, 236)]
    [InlineData(3, 142)]
    [InlineData(256, 18)]
    [InlineData(70_000, 185)]
    [InlineData(long.MaxValue, 171)]
    public void A_person_is_where_the_hash_of_their_number_says(long person, int shard) => Assert.Equal(shard, Shard.Of(new UserId(person)));

    [Fact]
    public void A_handle_is_where_its_hash_says() => Assert.Equal((147, 159), (Shard.OfHandle("ada"), Shard.OfHandle("bob")));

    [Fact]
    public void What_is_made_in_a_shard_says_so()
    {
        for (short shard = 0; shard < Shard.Count; shard += 17)
        {
            var draft = new Draft(shard, default, 1_790_000_000_000);
            Assert.Equal(shard, Shard.Of(new PostId(draft.NextTimeOrderedId())));
            Assert.Equal(shard, Shard.Of(new AudienceListId(draft.NextAudienceList())));
        }
    }

    [Fact]
    public void People_are_spread_evenly()
    {
        var counts = new int[Shard.Count];
        for (var person = 1; person <= 100_000; person++)
            counts[Shard.Of(new UserId(person))]++;
        Assert.All(counts, count => Assert.InRange(count, 300, 480));
    }
}
