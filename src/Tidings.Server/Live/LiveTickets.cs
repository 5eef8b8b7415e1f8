using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.Security;

namespace Tidings.Server.Live;

/// <summary>
/// Tickets for live connections. A browser can't send a header with a WebSocket, and a session's token has no place in an address, where
/// logs keep it: a ticket opens one connection, within <see cref="Lifetime"/>, and is worth nothing after that. They are in memory only.
/// </summary>
internal sealed class LiveTickets(TimeProvider clock)
{
    public const string Prefix = "tdl_";

    /// <summary>Tickets that wait to be used: who asks for more is told to try later.</summary>
    public const int WaitingMax = 65_536;

    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<TokenHash, (Caller Caller, long ExpiresUnixMs)> _tickets = [];
    private readonly Queue<(TokenHash Ticket, long ExpiresUnixMs)> _byAge = new();

    private long NowUnixMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <exception cref="TooBusyException">Too many wait to be used.</exception>
    public (string Ticket, long ExpiresUnixMs) Make(Caller caller)
    {
        var ticket = Token.Make(Prefix);
        var expires = NowUnixMs + (long)Lifetime.TotalMilliseconds;
        lock (_gate)
        {
            while (_byAge.TryPeek(out var oldest) && oldest.ExpiresUnixMs <= NowUnixMs)
                _tickets.Remove(_byAge.Dequeue().Ticket);
            if (_byAge.Count >= WaitingMax)
                throw new TooBusyException(StatusCodes.Status503ServiceUnavailable, "busy", "Too many tickets wait to be used.", Lifetime);
            var hash = Token.Hash(ticket);
            _tickets.Add(hash, (caller, expires));
            _byAge.Enqueue((hash, expires));
        }
        return (ticket, expires);
    }

    /// <returns>Who asked for the ticket; null where there is none such, any more.</returns>
    public Caller? Take(ReadOnlySpan<char> ticket)
    {
        var hash = Token.Hash(ticket);
        lock (_gate)
            return _tickets.Remove(hash, out var found) && found.ExpiresUnixMs > NowUnixMs ? found.Caller : null;
    }
}
