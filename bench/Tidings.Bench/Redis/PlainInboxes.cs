using System.Globalization;
using StackExchange.Redis;

namespace Tidings.Bench.Redis;

/// <summary>Inboxes as sorted sets by plain commands: for each reader one ZADD and one ZREMRANGEBYRANK, pipelined in batches of 1,000 readers.</summary>
internal sealed class PlainInboxes(ConnectionMultiplexer connection, int people)
{
    private const int Slice = 1_000, Cap = 1_000;

    private readonly IDatabase _database = connection.GetDatabase();
    private readonly Random _random = new(1);
    private long _posts = 1_000_000_000_000_000_000;

    public async Task FillAsync()
    {
        foreach (var some in Enumerable.Range(1, people).Chunk(100))
        {
            var first = Interlocked.Add(ref _posts, Cap);
            var entries = Enumerable.Range(0, Cap).Select(i => new SortedSetEntry(Member(first + i), Score(first + i))).ToArray();
            await Task.WhenAll(some.Select(reader => _database.SortedSetAddAsync(Key(reader), entries)));
        }
    }

    public async Task<int> PushAsync(int slice)
    {
        var post = Interlocked.Increment(ref _posts);
        RedisValue member = Member(post);
        var batch = _database.CreateBatch();
        var sent = new Task[2 * Slice];
        for (var i = 0; i < Slice; i++)
        {
            RedisKey key = Key(NextReader());
            sent[2 * i] = batch.SortedSetAddAsync(key, member, Score(post));
            sent[2 * i + 1] = batch.SortedSetRemoveRangeByRankAsync(key, 0, -Cap - 1);
        }
        batch.Execute();
        await Task.WhenAll(sent);
        return Slice;
    }

    public async Task<int> ReadAsync(int room)
    {
        await Task.WhenAll(Enumerable.Range(0, Slice).Select(_ => _database.SortedSetRangeByRankAsync(Key(NextReader()), 0, room - 1, Order.Descending)));
        return Slice;
    }

    public async Task<double> BytesPerEntryAsync()
    {
        var bytes = (long)await _database.ExecuteAsync("MEMORY", "USAGE", (RedisKey)Key(1), "SAMPLES", 0);
        return (double)bytes / await _database.SortedSetLengthAsync(Key(1));
    }

    private int NextReader()
    {
        lock (_random) return 1 + _random.Next(people);
    }

    private static string Key(int reader) => $"plain:feed:{{{reader}}}";

    private static string Member(long post) => post.ToString(CultureInfo.InvariantCulture);

    private static double Score(long post) => post >> 22;
}
