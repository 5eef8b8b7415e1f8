using Tidings.Feeds;
using Tidings.People;

namespace Tidings.PersonalData;

/// <summary>
/// Erases a person for good, in two parts. Closing is one transaction: once it is answered it will happen, whatever crashes. The rest is done
/// in small transactions, one after the other, so that nobody waits long for the writer, and goes on where it was after a restart: each
/// looks for what is still there. The id is retired, never given again.
/// </summary>
public sealed class ErasePerson(IPersonalData data, IInboxes inboxes)
{
    /// <returns>False where there is no such person, or somebody else closed them before.</returns>
    public async ValueTask<bool> CloseAsync(UserId person, CancellationToken ct)
    {
        if (!await data.CloseAsync(person, ct))
            return false;
        await inboxes.DropAsync(new[] { person }, CancellationToken.None);
        return true;
    }

    /// <summary>Erases everybody who is closed.</summary>
    /// <returns>Who it was.</returns>
    public async ValueTask<IReadOnlyList<UserId>> FinishAsync(CancellationToken ct)
    {
        var closed = await data.ClosedAsync(ct);
        foreach (var person in closed)
        {
            while (await data.EraseSomeAsync(person, ct))
                ct.ThrowIfCancellationRequested();
        }
        return closed;
    }
}
