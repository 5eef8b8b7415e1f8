using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;
using Tidings.Events;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record.Stores;

internal sealed class PeopleStore(Writer writer, PeopleTable people, CredentialTable credentials) : IPeopleStore
{
    private static readonly Rejection HandleTaken = new(RejectionKind.Conflict, "handle_taken", "Another person has this handle.", "handle");

    private static readonly Rejection IdentityTaken = new(RejectionKind.Conflict, "identity_taken", "Another person has this identity.");

    public ValueTask<Result<UserId>> AddAsync(NewPerson person, CancellationToken ct) =>
        writer.CommitAsync((people, person), static (draft, state) => Join(draft, state.people, state.person), ct);

    public ValueTask<Result<UserId>> JoinAsync(NewPerson person, TokenHash identity, CancellationToken ct) =>
        writer.CommitAsync((people, credentials, person, identity), static (draft, state) =>
        {
            if (state.credentials.Get(draft, state.identity) is { Kind: KeyKind.Identity } known)
                return known.Person;
            var joined = Join(draft, state.people, state.person);
            if (joined.IsOk)
                state.credentials.Add(draft, state.identity, IdentityOf(joined.Value));
            return joined;
        }, ct);

    public ValueTask<Result<bool>> LinkAsync(UserId person, TokenHash identity, CancellationToken ct) =>
        writer.CommitAsync((people, credentials, person, identity), static (draft, state) =>
        {
            if (!state.people.Exists(draft, state.person))
                return Rejection.NotFound("person");
            if (state.credentials.Get(draft, state.identity) is { } known)
                return known.Person == state.person ? (Result<bool>)false : IdentityTaken;
            state.credentials.Add(draft, state.identity, IdentityOf(state.person));
            return true;
        }, ct);

    public ValueTask<Result<Person>> UpdateAsync(UserId person, string name, string bio, CancellationToken ct) =>
        writer.CommitAsync((people, person, name, bio), static (draft, state) =>
        {
            if (!state.people.Exists(draft, state.person) || state.people.Get(draft, state.person) is not { } row)
                return Rejection.NotFound("person");
            var next = row.Person with { Name = state.name, Bio = state.bio };
            if (next != row.Person)
                state.people.Set(draft, row with { Person = next });
            return (Result<Person>)next;
        }, ct);

    public ValueTask GetAsync(ReadOnlyMemory<UserId> ids, Memory<Person?> into, CancellationToken ct)
    {
        for (var i = 0; i < ids.Length; i++)
            into.Span[i] = people.Get(ids.Span[i])?.Person;
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> ExistsAsync(UserId person, CancellationToken ct) => new(people.IsHere(person));

    public ValueTask<UserId?> FindAsync(string handle, CancellationToken ct) => new(people.Find(handle));

    public ValueTask<byte[]> PasswordHashAsync(UserId person, CancellationToken ct) => new(people.Get(person)?.PasswordHash ?? []);

    private static Result<UserId> Join(Draft draft, PeopleTable people, NewPerson person)
    {
        if (people.Find(draft, person.Handle) is not null)
            return HandleTaken;
        var id = Add(draft, people, person);
        draft.Tell(EventKind.PersonJoined, id, id, PostId.None, 0);
        return id;
    }

    private static Credential IdentityOf(UserId person) => new(KeyKind.Identity, person, "", long.MaxValue);

    /// <summary>Gives the person an id; the handle is free.</summary>
    public static UserId Add(Draft draft, PeopleTable people, NewPerson person)
    {
        var id = draft.NextPerson();
        people.Add(draft, new PersonRow(new Person(id, person.Handle, person.Name, person.Bio, draft.NowUnixMs), person.PasswordHash));
        return id;
    }
}
