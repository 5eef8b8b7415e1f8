using System.Security.Cryptography;
using StackExchange.Redis;
using Tidings.People;
using Tidings.Posts;
using Tidings.Redis.Cluster;

namespace Tidings.Redis.Feeds;

/// <summary>
/// The record's posts, with the newest of authors who are pulled in Redis: what every reader of a celebrity asks for is asked of the record once.
/// 1. A timeline is filled when somebody asks for it, by opening it, reading the record, and filling: a post that is committed meanwhile is either read or
/// added to what is open.
/// 2. Whoever publishes adds the post before answering, so an author's own feed has it at once.
/// 3. Where that failed, the log brings it: see <see cref="TimelineCarrier"/>. Adding twice changes nothing.
/// 4. Timelines are named after their server's history, and not replicated: a failover makes them anew.
/// What isn't the top of few authors goes to the record: a rebuild asks for hundreds of authors, and wants a thousandth of what they have.
/// </summary>
internal sealed class AuthorTimelines(ClusterCalls calls, Keys keys, IPostStore record, TimeSpan lifetime) : IPostStore
{
    public const int AuthorsMax = 32, CapEntries = 1_000;

    private readonly RedisValue _lifetimeSeconds = (long)lifetime.TotalSeconds;

    private readonly record struct Timeline(PostId[] NewestFirst, bool IsWhole)
    {
        public PostId Floor => IsWhole ? PostId.None : NewestFirst[^1];
    }

    public async ValueTask<Result<Published>> PublishAsync(NewPost post, IdempotencyClaim? claim, CancellationToken ct)
    {
        var published = await record.PublishAsync(post, claim, ct);
        if (!published.IsOk || published.Value.Replayed)
            return published;
        try
        {
            await AddAsync(post.Author, published.Value.Id, CancellationToken.None);
        }
        catch (RedisAwayException)
        {
            // It is in the record, and the log will bring it here.
            RedisTelemetry.TimelinesBehind.Add(1);
        }
        return published;
    }

    public ValueTask<Result<PostHeader>> EditAsync(PostId post, UserId editor, PostEdit edit, int? ifVersion, CancellationToken ct) =>
        record.EditAsync(post, editor, edit, ifVersion, ct);

    public ValueTask<Result<bool>> DeleteAsync(PostId post, UserId author, int? ifVersion, CancellationToken ct) =>
        record.DeleteAsync(post, author, ifVersion, ct);

    public ValueTask HeadersAsync(ReadOnlyMemory<PostId> ids, Memory<PostHeader> into, CancellationToken ct) => record.HeadersAsync(ids, into, ct);

    public ValueTask BodiesAsync(ReadOnlyMemory<PostId> ids, Memory<PostBody?> into, CancellationToken ct) => record.BodiesAsync(ids, into, ct);

    public async ValueTask<int> NewestAsync(ReadOnlyMemory<UserId> authors, PostId before, Memory<PostId> into, CancellationToken ct)
    {
        if (before == PostId.Last && authors.Length is > 0 and <= AuthorsMax && into.Length <= CapEntries)
        {
            try
            {
                if (Merge(await TimelinesAsync(authors.ToArray(), ct), into.Span) is { } count)
                    return count;
            }
            catch (RedisAwayException)
            {
                // The record has it all.
                RedisTelemetry.TimelinesPulled.Add(1);
            }
        }
        return await record.NewestAsync(authors, before, into, ct);
    }

    /// <summary>Puts a post into its author's timeline, where there is one.</summary>
    public Task AddAsync(UserId author, PostId post, CancellationToken ct) =>
        calls.OneAsync("timeline_add", [keys.Timeline(author)], [PackedPosts.Of(post)], ct);

    private async Task<Timeline[]> TimelinesAsync(UserId[] authors, CancellationToken ct)
    {
        var timelines = new Timeline?[authors.Length];
        await calls.ManyAsync("timeline_read", [], Array.ConvertAll(authors, keys.Timeline), (answer, places) =>
        {
            for (var i = 0; i < places.Length; i++)
                timelines[places[i]] = Read(answer[i]);
        }, ct);
        return await Task.WhenAll(authors.Select(async (author, i) => timelines[i] ?? await FillAsync(author, ct)));
    }

    private async Task<Timeline> FillAsync(UserId author, CancellationToken ct)
    {
        RedisKey[] key = [keys.Timeline(author)];
        var epoch = (byte[])(await calls.OneAsync("timeline_open", key, [RandomNumberGenerator.GetBytes(sizeof(long)), _lifetimeSeconds], ct))!;
        var posts = new PostId[CapEntries];
        var count = await record.NewestAsync(new[] { author }, PostId.Last, posts, ct);
        Array.Sort(posts, 0, count);
        RedisValue lost = count == CapEntries ? "\u0001" : "\0";
        await calls.OneAsync("timeline_fill", key, [epoch, PackedPosts.Of(posts.AsSpan(0, count)), lost], ct);
        Array.Reverse(posts, 0, count);
        return new Timeline(posts[..count], count < CapEntries);
    }

    private static Timeline? Read(RedisResult answer)
    {
        if (answer.IsNull)
            return null;
        var packed = (byte[])answer[1]!;
        var posts = new PostId[packed.Length / PackedPosts.Bytes];
        PackedPosts.Read(packed, posts);
        Array.Reverse(posts);
        return new Timeline(posts, (int)answer[0] == 1);
    }

    /// <summary>Above the highest floor everything is known.</summary>
    /// <returns>Null where that isn't enough.</returns>
    private static int? Merge(Timeline[] timelines, Span<PostId> into)
    {
        var floor = timelines.Max(timeline => timeline.Floor);
        PostId[] merged = [.. timelines.SelectMany(timeline => timeline.NewestFirst).Where(post => post.Value >= floor.Value).Distinct().OrderDescending().Take(into.Length)];
        if (merged.Length < into.Length && floor != PostId.None)
            return null;
        merged.CopyTo(into);
        return merged.Length;
    }
}
