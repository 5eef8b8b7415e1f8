using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client;
using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Live;
using Tidings.Server.Security;
using Xunit;

namespace Tidings.Server.Tests.Live;

public sealed class LiveDoorTests(StillServer still) : IClassFixture<StillServer>
{
    private readonly RunningServer _server = still.Server;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Uri Address(string query = "") => new UriBuilder(new Uri(_server.Http.BaseAddress!, $"/v1/live{query}")) { Scheme = "ws" }.Uri;

    private async Task<HttpStatusCode> UpgradeAsync(Uri address, Action<ClientWebSocketOptions> change)
    {
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        change(socket.Options);
        try
        {
            await socket.ConnectAsync(address, _server.Http, Ct);
        }
        catch (WebSocketException)
        {
            return socket.HttpStatusCode;
        }
        return socket.HttpStatusCode;
    }

    [Fact]
    public async Task A_ticket_opens_one_connection_and_nothing_else()
    {
        var reader = await _server.JoinAsync("reader");
        var ticket = (await reader.Client.MakeLiveTicketAsync(Ct)).Ticket;
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"/v1/me?ticket={ticket}"));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await UpgradeAsync(Address($"?ticket={ticket}"), _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await UpgradeAsync(Address($"?ticket={ticket}"), _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await UpgradeAsync(Address("?ticket=tdl_made_up"), _ => { }));
        Assert.Equal(HttpStatusCode.Unauthorized, await UpgradeAsync(Address(), _ => { }));
    }

    [Fact]
    public async Task The_ticket_of_a_session_that_was_signed_out_opens_nothing_for_long()
    {
        var reader = await _server.JoinAsync("reader");
        var ticket = (await reader.Client.MakeLiveTicketAsync(Ct)).Ticket;
        await reader.Client.SignOutAsync(Ct);
        using var answer = await _server.Http.GetAsync($"/v1/live/events?ticket={ticket}", HttpCompletionOption.ResponseHeadersRead, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.EndsWith("\"type\":\"bye\",\"reason\":\"signed_out\"}\n\n", text);
    }

    [Fact]
    public void A_ticket_is_worth_nothing_after_30_seconds()
    {
        var clock = new FakeTimeProvider();
        var tickets = new LiveTickets(clock);
        var caller = new Caller(default, KeyKind.Session, new UserId(1), long.MaxValue);
        var (first, second) = (tickets.Make(caller).Ticket, tickets.Make(caller).Ticket);
        clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Same(caller, tickets.Take(first));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(tickets.Take(second));
    }

    [Theory]
    [InlineData("http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("own", HttpStatusCode.SwitchingProtocols)]
    public async Task Only_this_servers_pages_may_open_a_connection(string origin, HttpStatusCode expected)
    {
        var reader = await _server.JoinAsync("reader");
        var status = await UpgradeAsync(Address(), options =>
        {
            options.SetRequestHeader("Authorization", $"Bearer {reader.Token}");
            options.SetRequestHeader("Origin", origin == "own" ? _server.Http.BaseAddress!.ToString().TrimEnd('/') : origin);
        });
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Other_origins_and_limits_are_the_operators_choice()
    {
        await using var small = new RunningServer(
            TimeProvider.System, o => o with { LiveOrigins = "https://app.example; https://other.example", LiveConnections = 3, LiveConnectionsPerPerson = 2 });
        await small.InitializeAsync();
        var (one, two) = (await small.JoinAsync("one"), await small.JoinAsync("two"));
        await using var first = await LiveSteps.OpenAsync(one);
        await using var second = await LiveSteps.OpenAsync(one);
        Assert.Equal(429, await RefusedAsync(small, one));
        await using var third = await LiveSteps.OpenAsync(two);
        Assert.Equal(503, await RefusedAsync(small, two));
        await third.DisposeAsync();
        await RunningServer.UntilAsync(() => small.Get<Tidings.Live.LiveReaders>().Connections == 2);

        using var request = two.Client.Request(HttpMethod.Get, "/v1/live/events");
        request.Headers.Add("Origin", "https://other.example");
        using var answer = await two.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<int> RefusedAsync(RunningServer server, Someone reader)
    {
        using var request = reader.Client.Request(HttpMethod.Get, "/v1/live/events");
        using var answer = await reader.Client.SendAsync(request, Ct);
        Assert.NotNull(answer.Headers.RetryAfter);
        return (int)answer.StatusCode;
    }

    [Fact]
    public async Task A_plain_request_is_told_to_upgrade()
    {
        var reader = await _server.JoinAsync("reader");
        using var request = reader.Client.Request(HttpMethod.Get, "/v1/live");
        using var answer = await reader.Client.SendAsync(request, Ct);
        Assert.Equal((HttpStatusCode.UpgradeRequired, "websocket"), (answer.StatusCode, answer.Headers.Upgrade.Single().Name));
    }

    [Theory]
    [InlineData("after", "-1")]
    [InlineData("after", "x")]
    [InlineData("watch", "x")]
    public async Task A_wrong_parameter_is_named(string parameter, string value)
    {
        var reader = await _server.JoinAsync("reader");
        using var request = reader.Client.Request(HttpMethod.Get, $"/v1/live/events?{parameter}={value}");
        using var answer = await reader.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"field\":\"{parameter}\"", await answer.Content.ReadAsStringAsync(Ct));
    }

    public static TheoryData<string, bool, int> Nonsense => new()
    {
        { "nonsense", true, 1008 },
        { "", true, 1008 },
        { "null", true, 1008 },
        { "{\"watch\":[\"x\"]}", true, 1008 },
        { "{\"watch\":[],\"more\":1}", true, 1008 },
        { $"{{\"watch\":[{string.Join(',', Enumerable.Range(1, 201).Select(i => $"\"{i}\""))}]}}", true, 1008 },
        { new string(' ', LiveSocket.MessageBytesMax + 1), true, 1009 },
        { new string(' ', 200_000), true, 1009 },
        { "{\"watch\":[]}", false, 1003 },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task A_message_that_is_no_message_closes_the_socket(string message, bool isText, int status)
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(
            Encoding.UTF8.GetBytes(message), isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, Ct);
        Assert.Equal(status, await ClosedAsync(socket));
    }

    [Fact]
    public async Task A_flood_of_messages_closes_the_socket()
    {
        using var socket = await ConnectAsync();
        for (var i = 0; i < 100; i++)
            await socket.SendAsync("{\"watch\":[]}"u8.ToArray(), WebSocketMessageType.Text, true, Ct);
        Assert.Equal(1008, await ClosedAsync(socket));
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        var reader = await _server.JoinAsync("reader");
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {reader.Token}");
        await socket.ConnectAsync(Address(), _server.Http, Ct);
        return socket;
    }

    private static async Task<int> ClosedAsync(ClientWebSocket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        var buffer = new byte[1_024];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), patience.Token)).MessageType != WebSocketMessageType.Close)
        {
        }
        return (int)socket.CloseStatus!;
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _server.Http.GetAsync(path, Ct);
        return answer.StatusCode;
    }
}
