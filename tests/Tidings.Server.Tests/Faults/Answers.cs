using System.Net.Sockets;
using System.Text.Json;
using Tidings.Client;

namespace Tidings.Server.Tests.Faults;

internal enum Outcome
{
    /// <summary>The server said that it is done.</summary>
    Done,
    /// <summary>The server said that it is not done, and won't be.</summary>
    Refused,
    /// <summary>No answer, or none that decides: it may be done or not.</summary>
    Unknown,
}

/// <summary>A server said or did what it must not.</summary>
internal sealed class WrongAnswerException(string what) : Exception(what);

internal static class Answers
{
    /// <summary>Sends a write and tells its outcome.</summary>
    /// <param name="refusals">The codes with which it may be refused; any other refusal is wrong.</param>
    public static async Task<(Outcome Outcome, T? Value)> OfAsync<T>(Ledger ledger, string what, Func<Task<T>> write, params string[] refusals)
        where T : class
    {
        ledger.Note($"{what}: asked");
        var (outcome, value) = await SendAsync(what, write, refusals);
        ledger.Note($"{what}: {outcome}");
        if (outcome == Outcome.Done)
            ledger.Acknowledge();
        return (outcome, value);
    }

    private static async Task<(Outcome, T?)> SendAsync<T>(string what, Func<Task<T>> write, string[] refusals)
        where T : class
    {
        try
        {
            return (Outcome.Done, await write());
        }
        catch (TidingsException e) when (refusals.Contains(e.Code))
        {
            return (Outcome.Refused, null);
        }
        catch (TidingsException e) when (e.Code == "record_failed")
        {
            return (Outcome.Unknown, null);
        }
        catch (TidingsException e)
        {
            throw new WrongAnswerException($"{what}: {e.Message}");
        }
        // The connection ended before or within the answer.
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException or OperationCanceledException or JsonException)
        {
            return (Outcome.Unknown, null);
        }
    }
}
