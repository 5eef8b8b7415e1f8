using Npgsql;

namespace Tidings.Postgres.Sharding;

/// <summary>One decision about one shard, and whoever waits for its answer. The answer is given when what it wrote is committed.</summary>
internal abstract class Decision
{
    private int _begun;

    public abstract NpgsqlBatchCommand[] Ask();

    public abstract ValueTask DecideAsync(Answers answers, Draft draft);

    /// <summary>Gives the answer.</summary>
    public abstract void Answer();

    public abstract void Fail(Exception why);

    /// <returns>False where whoever waited has given up before it began.</returns>
    public bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;
}

internal sealed class Decision<T>(Func<NpgsqlBatchCommand[]> ask, Func<Answers, Draft, ValueTask<T>> decide) : Decision
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _decided = default!;

    public override NpgsqlBatchCommand[] Ask() => ask();

    public override async ValueTask DecideAsync(Answers answers, Draft draft) => _decided = await decide(answers, draft);

    public override void Answer() => _answer.SetResult(_decided);

    public override void Fail(Exception why) => _answer.SetException(why);

    /// <summary>Waits for the answer. Who gives up before the decision begins is not waited for; what has begun is answered.</summary>
    public async Task<T> AnsweredAsync(CancellationToken ct)
    {
        await using var gaveUp = ct.UnsafeRegister(static (state, token) =>
        {
            var self = (Decision<T>)state!;
            if (self.TryBegin()) self._answer.SetCanceled(token);
        }, this);
        return await _answer.Task;
    }
}
