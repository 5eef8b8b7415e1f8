using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;
using Tidings.Affinity;
using Tidings.People;
using Tidings.Redis.Cluster;

namespace Tidings.Redis.Affinity;

/// <summary>
/// The record's affinity, with that of active readers in Redis, where every ranked page asks for it.
/// 1. What is kept is the stored form of <see cref="ForwardDecay"/>: it doesn't change by waiting, so a copy is as good after a week, and so is its order.
/// 2. A reader's affinity is filled when it is asked for: opened, read from the record, filled. What changed meanwhile has dropped what was open.
/// 3. It is dropped when the record's has changed: by whoever counts an encounter, and by the log for all else, see <see cref="AffinityCarrier"/>. A drop
/// can be repeated, and nothing is ever added up here, so nothing can be counted twice.
/// </summary>
internal sealed class AffinityCache(ClusterCalls calls, Keys keys, IAffinityStore record, TimeProvider clock) : IAffinityStore
{
    /// <summary>The seed's: who isn't here for a week is asked of the record once more.</summary>
    private static readonly RedisValue LifetimeSeconds = (long)TimeSpan.FromDays(7).TotalSeconds;

    public async ValueTask ScoresAsync(UserId reader, ReadOnlyMemory<UserId> authors, long nowUnixMs, Memory<float> into, CancellationToken ct)
    {
        if (authors.IsEmpty)
            return;
        try
        {
            RedisValue[] people = Array.ConvertAll(authors.ToArray(), author => (RedisValue)author.Value);
            var answer = await calls.OneAsync("affinity_scores", [keys.Affinity(reader)], people, ct);
            if (!answer.IsNull)
            {
                for (var i = 0; i < people.Length; i++)
                    into.Span[i] = (float)ForwardDecay.Score(answer[i].IsNull ? ForwardDecay.Nothing : (double)answer[i], nowUnixMs);
                return;
            }
            var scores = (await FillAsync(reader, ct)).ToDictionary(one => one.Person, one => one.Stored);
            for (var i = 0; i < authors.Length; i++)
                into.Span[i] = (float)ForwardDecay.Score(scores.GetValueOrDefault(authors.Span[i], ForwardDecay.Nothing), nowUnixMs);
        }
        catch (RedisAwayException)
        {
            await record.ScoresAsync(reader, authors, nowUnixMs, into, ct);
        }
    }

    public async ValueTask<int> TopAsync(UserId reader, long nowUnixMs, Memory<AffinityScore> into, CancellationToken ct)
    {
        try
        {
            var answer = await calls.OneAsync("affinity_top", [keys.Affinity(reader)], [into.Length], ct);
            var top = answer.IsNull ? await FillAsync(reader, ct) : Read((RedisValue[])answer!);
            var count = Math.Min(top.Length, into.Length);
            for (var i = 0; i < count; i++)
                into.Span[i] = new AffinityScore(top[i].Person, ForwardDecay.Score(top[i].Stored, nowUnixMs));
            return count;
        }
        catch (RedisAwayException)
        {
            return await record.TopAsync(reader, nowUnixMs, into, ct);
        }
    }

    public async ValueTask<Result<bool>> MeetAsync(UserId actor, UserId other, Encounter encounter, CancellationToken ct)
    {
        var counted = await record.MeetAsync(actor, other, encounter, ct);
        if (!counted.IsOk || !counted.Value)
            return counted;
        try
        {
            await DropAsync([actor], CancellationToken.None);
        }
        catch (RedisAwayException)
        {
            // It has its event: the log drops what is here.
            RedisTelemetry.AffinityBehind.Add(1);
        }
        return counted;
    }

    /// <summary>The record's affinity of these readers has changed.</summary>
    public Task DropAsync(UserId[] readers, CancellationToken ct) =>
        calls.ManyAsync("affinity_drop", [], Array.ConvertAll(readers, keys.Affinity), static (_, _) => { }, ct);

    /// <returns>Most first.</returns>
    private async Task<(UserId Person, double Stored)[]> FillAsync(UserId reader, CancellationToken ct)
    {
        RedisKey[] key = [keys.Affinity(reader)];
        var epoch = (byte[])(await calls.OneAsync("affinity_open", key, [RandomNumberGenerator.GetBytes(sizeof(long)), LifetimeSeconds], ct))!;
        var all = new AffinityScore[IAffinityStore.PeopleMax];
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var count = await record.TopAsync(reader, now, all, ct);
        var top = Array.ConvertAll(all[..count], one => (one.Person, Stored: ForwardDecay.Add(ForwardDecay.Nothing, one.Score, now)));
        await calls.OneAsync("affinity_fill", key, [epoch, .. top.SelectMany(one => new RedisValue[] { one.Stored, one.Person.Value })], ct);
        return top;
    }

    private static (UserId Person, double Stored)[] Read(RedisValue[] answer)
    {
        var top = new (UserId, double)[answer.Length / 2];
        for (var i = 0; i < top.Length; i++)
            top[i] = (new UserId((long)answer[2 * i]), double.Parse((string)answer[2 * i + 1]!, CultureInfo.InvariantCulture));
        return top;
    }
}
