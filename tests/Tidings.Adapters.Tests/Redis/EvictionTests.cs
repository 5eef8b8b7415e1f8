using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis;
using Xunit;

namespace Tidings.Adapters.Tests.Redis;

/// <summary>Redis may evict any key of a reader and keep the others. Then there is no inbox; never one that lacks something and doesn't know.</summary>
public sealed class EvictionTests(RedisServers servers)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(InboxLayout.Packed, 2)]
    [InlineData(InboxLayout.SortedSet, 3)]
    public async Task Whichever_key_is_evicted_the_inbox_is_missing_and_can_be_rebuilt(InboxLayout layout, int keysOfAReader)
    {
        var (addresses, prefix) = await servers.MakeAsync();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var redis = await RedisProfile.OpenAsync(RedisPorts.Options(addresses, prefix, layout), clock, Ct);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(addresses);
        PostId[] posts = [.. Enumerable.Range(1, 5).Reverse().Select(i => new PostId(i))];
        for (var evicted = 0; evicted < keysOfAReader; evicted++)
        {
            var reader = new UserId(100 + evicted);
            await FillAsync(redis.Inboxes, reader, posts);
            var keys = await KeysAsync(connection, $"{prefix}*{{{reader}}}*");
            Assert.Equal(keysOfAReader, keys.Length);
            Assert.All(keys, key => Assert.NotNull(connection.GetDatabase().KeyTimeToLive(key)));
            Assert.True(await connection.GetDatabase().KeyDeleteAsync(keys[evicted]));

            Assert.Equal(InboxRead.Missing, await redis.Inboxes.PeekAsync(reader, new PostId[10], Ct));
            Assert.Equal(keys[evicted].ToString().Contains("seen", StringComparison.Ordinal) ? 1 : 0, await redis.Inboxes.DeliverAsync(new PostId(9), new[] { reader }, Ct));
            Assert.Equal(InboxRead.Missing, await redis.Inboxes.ReadAsync(reader, new PostId[10], Ct));
            await FillAsync(redis.Inboxes, reader, posts);
        }
    }

    private static async Task FillAsync(IInboxes inboxes, UserId reader, PostId[] posts)
    {
        Assert.True(await inboxes.FillAsync(reader, await inboxes.OpenAsync(reader, Ct), posts, Ct));
        var into = new PostId[10];
        Assert.Equal(new InboxRead(posts.Length, true), await inboxes.ReadAsync(reader, into, Ct));
        Assert.Equal(posts, into[..posts.Length]);
    }

    private static async Task<RedisKey[]> KeysAsync(ConnectionMultiplexer connection, string pattern)
    {
        var keys = new List<RedisKey>();
        foreach (var server in connection.GetServers().Where(server => !server.IsReplica))
        {
            await foreach (var key in server.KeysAsync(pattern: pattern))
                keys.Add(key);
        }
        return [.. keys.Distinct().OrderBy(key => key.ToString(), StringComparer.Ordinal)];
    }
}
