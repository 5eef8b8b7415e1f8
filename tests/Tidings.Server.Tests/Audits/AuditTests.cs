using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.People;
using Xunit;

namespace Tidings.Server.Tests.Audits;

public sealed class AuditTests : IAsyncLifetime
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
    private RunningServer _server = null!;
    private Someone _writer = null!, _reader = null!;

    public async ValueTask InitializeAsync()
    {
        _server = new RunningServer(_clock, o => o with { SessionMinutes = 1_000_000 });
        await _server.InitializeAsync();
        (_writer, _reader) = (await _server.JoinAsync("writer"), await _server.JoinAsync("reader"));
        await _reader.Client.FollowAsync(_writer.Id, Ct);
        await _reader.Client.FeedAsync(null, null, null, Ct);
        await _writer.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        await _server.SettledAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>The clock stands still between batches, so an audit runs until it is moved on.</summary>
    private async Task<AuditView> EndAsync(string id)
    {
        AuditView audit;
        while ((audit = await _server.Admin.AuditAsync(id, Ct)).State == "running")
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        return audit;
    }

    [Fact]
    public async Task An_audit_compares_inboxes_and_says_how_complete_they_are()
    {
        Assert.Equal("audit_not_found", (await _server.Admin.SendAsync("GET", "/v1/admin/audits/current").ProblemAsync(HttpStatusCode.NotFound)).Code);
        using var sent = await _server.Admin.SendAsync("POST", "/v1/admin/audits", "{}");
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        Assert.Equal("/v1/admin/audits/1", sent.Headers.Location?.ToString());

        var audit = await EndAsync("1");
        Assert.Equal(("1", "done", 1, 1, 1), (audit.Id, audit.State, audit.ReadersAsked, audit.ReadersLooked, audit.ReadersCompared));
        Assert.Equal((1, 1, 0, 1.0, 0), (audit.Expected, audit.Present, audit.Missing, audit.Completeness, audit.ReadersIncomplete));
        Assert.Empty(audit.Worst);
        Assert.True(audit.EndedAt >= audit.StartedAt);
        Assert.Equal(audit.Id, (await _server.Admin.AuditAsync("current", Ct)).Id);
    }

    [Fact]
    public async Task What_an_inbox_lacks_is_found_repaired_and_there_after_the_next_read()
    {
        // An inbox as it is after a loss: made anew, and empty.
        var (inboxes, reader) = (_server.Get<IInboxes>(), new UserId(long.Parse(_reader.Id, System.Globalization.CultureInfo.InvariantCulture)));
        await inboxes.DropAsync(new[] { reader }, Ct);
        Assert.True(await inboxes.FillAsync(reader, await inboxes.OpenAsync(reader, Ct), default, Ct));
        Assert.Empty((await _reader.Client.FeedAsync(null, null, null, Ct)).Items);

        var audit = await EndAsync((await _server.Admin.StartAuditAsync(new AuditRequest(Ids: [_reader.Id, _writer.Id, _reader.Id]), Ct)).Id);
        Assert.Equal((2, 1, 1, 1, 0.0), (audit.ReadersAsked, audit.ReadersCompared, audit.Missing, audit.ReadersIncomplete, audit.Completeness));
        var worst = Assert.Single(audit.Worst);
        Assert.Equal((new PersonSummary(_reader.Id, _reader.Handle, _reader.Name), 1, 1, false), (worst.Reader, worst.Expected, worst.Missing, worst.Repaired));
        Assert.Equal((await _writer.Client.FeedAsync(null, null, null, Ct)).Items.Select(post => post.Id), worst.Examples);

        var repaired = await _server.Admin.RepairAsync(audit.Id, Ct);
        Assert.Equal((1, true), (repaired.ReadersRepaired, repaired.Worst[0].Repaired));
        Assert.Single((await _reader.Client.FeedAsync(null, null, null, Ct)).Items);
        var again = await EndAsync((await _server.Admin.StartAuditAsync(new AuditRequest(Ids: [_reader.Id], Repair: true), Ct)).Id);
        Assert.Equal((1, 0, 1.0, true), (again.Present, again.Missing, again.Completeness, again.Repair));
    }

    [Fact]
    public async Task One_runs_at_a_time_and_can_be_cancelled()
    {
        var first = await _server.Admin.StartAuditAsync(new AuditRequest(), Ct);
        Assert.Equal("running", first.State);
        foreach (var (method, path, body) in new[] { ("POST", "/v1/admin/audits", "{}"), ("POST", $"/v1/admin/audits/{first.Id}/repair", (string?)null) })
            Assert.Equal("audit_running", (await _server.Admin.SendAsync(method, path, body).ProblemAsync(HttpStatusCode.Conflict)).Code);

        await _server.Admin.CancelAuditAsync(first.Id, Ct);
        await RunningServer.UntilAsync(async () => (await _server.Admin.AuditAsync(first.Id, Ct)).State != "running");
        Assert.Equal("cancelled", (await _server.Admin.CancelAuditAsync(first.Id, Ct)).State);
        var second = await _server.Admin.StartAuditAsync(new AuditRequest(Readers: 1), Ct);
        Assert.Equal("done", (await EndAsync(second.Id)).State);
        Assert.Equal("cancelled", (await _server.Admin.AuditAsync(first.Id, Ct)).State);
    }

    [Fact]
    public async Task Only_the_last_eight_are_remembered()
    {
        for (var i = 1; i <= 9; i++)
            Assert.Equal($"{i}", (await EndAsync((await _server.Admin.StartAuditAsync(new AuditRequest(), Ct)).Id)).Id);
        await _server.Admin.SendAsync("GET", "/v1/admin/audits/1").ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal("2", (await _server.Admin.AuditAsync("2", Ct)).Id);
        Assert.Equal("9", (await _server.Admin.AuditAsync("current", Ct)).Id);
    }

    [Theory]
    [InlineData("""{"readers":0}""", "readers")]
    [InlineData("""{"readers":10001}""", "readers")]
    [InlineData("""{"ids":[]}""", "ids")]
    [InlineData("""{"ids":["1"],"readers":1}""", "ids")]
    [InlineData("""{"ids":["x"]}""", "ids")]
    [InlineData("""{"ids":["99999999"]}""", "ids")]
    public async Task What_is_asked_wrong_names_the_field(string body, string field)
    {
        var problem = await _server.Admin.SendAsync("POST", "/v1/admin/audits", body).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(field, Assert.Single(problem.Errors!).Field);
    }

    [Fact]
    public async Task No_more_people_can_be_named_than_are_compared()
    {
        var ids = string.Join(',', Enumerable.Repeat($"\"{_reader.Id}\"", 1_001));
        var problem = await _server.Admin.SendAsync("POST", "/v1/admin/audits", $$"""{"ids":[{{ids}}]}""").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("ids", Assert.Single(problem.Errors!).Field);
    }
}
