using Npgsql;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;
using Tidings.Postgres.Sharding;

namespace Tidings.Postgres.Stores;

internal enum Joined { Here, HandleTaken, IdentityTaken }

/// <summary>
/// A sign-up touches up to three shards: the person's, the handle's, the identity's. It goes forward only, in steps that can be repeated by anyone:
/// <list type="number">
/// <item>The person's row, <see cref="PersonState.Joining"/>, with all that was said.</item>
/// <item>The handle, then the identity where there is one: unique keys decide. Whoever loses gives back what they got, and their row goes.</item>
/// <item>The row becomes <see cref="PersonState.Here"/>, with the event.</item>
/// </list>
/// A sign-up that was cut off is finished by whoever wants the same handle with the same identity, and by <see cref="SweepAsync"/>.
/// </summary>
internal sealed class Joining(RecordReads reads, RecordWrites writes)
{
    private const string AddSql = "INSERT INTO people VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8)";

    private const string GetSql = "SELECT person, handle, identity, state FROM people WHERE shard = $1 AND person = $2";

    private const string LeftSql = "SELECT person FROM people WHERE state = 0 AND created_unix_ms < $1" + RecordReads.AndHere + " LIMIT 100";

    private const string TakeHandleSql = "INSERT INTO handles VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

    private const string HandleSql = "SELECT person FROM handles WHERE shard = $1 AND handle = $2";

    private const string SetHereSql = "UPDATE people SET state = 1 WHERE shard = $1 AND person = $2 AND state = 0";

    private const string GiveUpSql = "DELETE FROM people WHERE shard = $1 AND person = $2 AND state = 0";

    private sealed record Row(UserId Person, string Handle, byte[] Identity, PersonState State);

    public async ValueTask<Joined> AddAsync(UserId id, NewPerson person, byte[] identity, CancellationToken ct)
    {
        var shard = Shard.Of(id);
        await writes.StoreAsync(shard, draft => draft.Stage(Statement.Of(AddSql)
            .With(shard).With(id.Value).With(person.Handle).With(Statement.Utf8(person.Name)).With(Statement.Utf8(person.Bio))
            .With(person.PasswordHash).With(identity).With(draft.NowUnixMs)), ct);
        return await FinishAsync(new Row(id, person.Handle, identity, PersonState.Joining), ct);
    }

    /// <summary>Finishes somebody's sign-up, if that is all they are waiting for.</summary>
    /// <returns>False where there is no such person.</returns>
    public async ValueTask<bool> FinishAsync(UserId person, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var rows = await reads.OneAsync(shard, () => Statement.Of(GetSql).With(shard).With(person.Value), Read, ct);
        return rows.SingleOrDefault() is { } row
            && (row.State == PersonState.Here || (row.State == PersonState.Joining && await FinishAsync(row, ct) == Joined.Here));
    }

    /// <summary>Whether somebody is signing up, or has, with this identity.</summary>
    public async ValueTask<bool> HasIdentityAsync(UserId person, byte[] identity, CancellationToken ct)
    {
        var shard = Shard.Of(person);
        var rows = await reads.OneAsync(shard, () => Statement.Of(GetSql).With(shard).With(person.Value), Read, ct);
        return rows.SingleOrDefault() is { } row && row.Identity.AsSpan().SequenceEqual(identity);
    }

    public async ValueTask<UserId?> HolderAsync(string handle, CancellationToken ct)
    {
        var shard = Shard.OfHandle(handle);
        var found = await reads.OneAsync(shard, () => Statement.Of(HandleSql).With(shard).With(handle), row => new UserId(row.GetInt64(0)), ct);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Finishes what was cut off before a moment.</summary>
    /// <returns>How many.</returns>
    public async ValueTask<int> SweepAsync(long beforeUnixMs, CancellationToken ct)
    {
        var left = await reads.AllAsync(() => Statement.Of(LeftSql).With(beforeUnixMs), row => new UserId(row.GetInt64(0)), ct);
        foreach (var person in left)
            await FinishAsync(person, ct);
        return left.Count;
    }

    public async ValueTask GiveBackAsync(string handle, UserId person, CancellationToken ct)
    {
        var shard = Shard.OfHandle(handle);
        await writes.StoreAsync(shard, draft => draft.Stage(Statement.Of("DELETE FROM handles WHERE shard = $1 AND handle = $2 AND person = $3")
            .With(shard).With(handle).With(person.Value)), ct);
    }

    private async ValueTask<Joined> FinishAsync(Row row, CancellationToken ct)
    {
        if (!await TakeHandleAsync(row, ct))
            return await GiveUpAsync(row, Joined.HandleTaken, ct);
        if (row.Identity.Length > 0 && !await TakeIdentityAsync(row, ct))
        {
            await GiveBackAsync(row.Handle, row.Person, ct);
            return await GiveUpAsync(row, Joined.IdentityTaken, ct);
        }
        var shard = Shard.Of(row.Person);
        var isHere = await writes.CommitAsync(shard, () => [Statement.Of(GetSql).With(shard).With(row.Person.Value)], async (answers, draft) =>
        {
            var now = await answers.OneAsync(Read, CancellationToken.None);
            if (now?.State == PersonState.Joining)
            {
                draft.Stage(Statement.Of(SetHereSql).With(shard).With(row.Person.Value));
                draft.Tell(EventKind.PersonJoined, row.Person, row.Person, PostId.None, 0);
            }
            return now is not null;
        }, ct);
        if (isHere)
            return Joined.Here;

        // Somebody thought that this would never be finished, and gave it up.
        await GiveBackAsync(row.Handle, row.Person, ct);
        if (row.Identity.Length > 0)
            await writes.StoreAsync(Shard.Of(TokenHash.From(row.Identity)), draft => draft.Stage(CredentialStore.Remove(TokenHash.From(row.Identity))), ct);
        return Joined.HandleTaken;
    }

    private ValueTask<bool> TakeHandleAsync(Row row, CancellationToken ct)
    {
        var shard = Shard.OfHandle(row.Handle);
        return writes.CommitAsync(shard, () => [Statement.Of(HandleSql).With(shard).With(row.Handle)], async (answers, draft) =>
        {
            var holders = await answers.AllAsync(holder => holder.GetInt64(0), CancellationToken.None);
            if (holders.Count > 0)
                return holders[0] == row.Person.Value;
            draft.Stage(Statement.Of(TakeHandleSql).With(shard).With(row.Handle).With(row.Person.Value));
            return true;
        }, ct);
    }

    private ValueTask<bool> TakeIdentityAsync(Row row, CancellationToken ct)
    {
        var identity = TokenHash.From(row.Identity);
        var shard = Shard.Of(identity);
        return writes.CommitAsync(shard, () => [Statement.Of(CredentialStore.GetSql).With(shard).With(row.Identity)], async (answers, draft) =>
        {
            var holder = await answers.OneAsync(CredentialStore.Read, CancellationToken.None);
            if (holder is not null)
                return holder.Person == row.Person;
            draft.Stage(CredentialStore.Add(identity, new Credential(KeyKind.Identity, row.Person, "", long.MaxValue)));
            return true;
        }, ct);
    }

    private async ValueTask<Joined> GiveUpAsync(Row row, Joined why, CancellationToken ct)
    {
        var shard = Shard.Of(row.Person);
        await writes.StoreAsync(shard, draft => draft.Stage(Statement.Of(GiveUpSql).With(shard).With(row.Person.Value)), ct);
        return why;
    }

    private static Row Read(NpgsqlDataReader row) =>
        new(new UserId(row.GetInt64(0)), row.GetString(1), row.Bytes(2), (PersonState)row.GetInt16(3));
}
