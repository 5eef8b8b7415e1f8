using System.Globalization;
using Tidings.Client.Wire;
using Tidings.FanOut;
using Tidings.People;
using Tidings.Server.Http;
using Tidings.Server.People;

namespace Tidings.Server.Audits;

/// <summary>The operator has inboxes compared with fresh pulls, and mended.</summary>
internal static class AuditEndpoints
{
    private const string Current = "current";
    private const int ReadersDefault = 1_000, IdsMax = 1_000, WorstMax = 20;

    public static void MapAudits(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/audits", StartAsync).WithName("start_audit").WithSummary("Compares inboxes with fresh pulls, in the background")
            .Says<AuditView>(202, 400, 401, 403, 409, 413);
        admin.MapGet("/audits/{id}", ReadAsync).WithName("audit").WithSummary("How an audit goes, or what it found; current is the newest")
            .Says<AuditView>(200, 401, 403, 404);
        admin.MapDelete("/audits/{id}", CancelAsync).WithName("cancel_audit").WithSummary("Ends an audit where it is").Says<AuditView>(200, 401, 403, 404);
        admin.MapPost("/audits/{id}/repair", RepairAsync).WithName("repair_audited")
            .WithSummary("Drops the inboxes that an audit found to lack something: the next read rebuilds them").Says<AuditView>(200, 401, 403, 404, 409);
    }

    private static async Task<IResult> StartAsync(
        HttpContext http, Body<AuditRequest> body, AuditDesk desk, AuditInboxes inboxes, IPeopleStore people, PersonViews views, TimeProvider clock,
        CancellationToken ct)
    {
        var (asked, named, repair) = body.Value;
        if (asked is < 1 or > AuditInboxes.ReadersMax)
            return Problems.Answer(Rejection.Invalid("readers", $"A number from 1 to {AuditInboxes.ReadersMax}."));
        if (named is { Count: 0 or > IdsMax } || (named is not null && asked is not null))
            return Problems.Answer(Rejection.Invalid("ids", $"1 to {IdsMax} people, and then no number of readers."));
        var readers = named is null
            ? await inboxes.DrawAsync(asked ?? ReadersDefault, (ulong)clock.GetTimestamp(), ct)
            : await NamedAsync(named, people, ct);
        if (readers is null)
            return Problems.Answer(Rejection.Invalid("ids", "Each is the id of a person who is here."));
        if (desk.Start(readers, repair) is not { } audit)
            return Problems.Answer(Running);
        http.Response.Headers.Location = $"/v1/admin/audits/{Name(audit)}";
        return Answers.Json(await ViewAsync(audit, views, ct), WireJson.Wire.AuditView, StatusCodes.Status202Accepted);
    }

    /// <returns>Each once, rising; null where somebody isn't here.</returns>
    private static async ValueTask<IReadOnlyList<UserId>?> NamedAsync(IReadOnlyList<string> named, IPeopleStore people, CancellationToken ct)
    {
        var readers = new SortedSet<long>();
        foreach (var text in named)
        {
            if (!UserId.TryParse(text, out var reader) || !await people.ExistsAsync(reader, ct))
                return null;
            readers.Add(reader.Value);
        }
        return [.. readers.Select(reader => new UserId(reader))];
    }

    private static async Task<IResult> ReadAsync(string id, AuditDesk desk, PersonViews views, CancellationToken ct) =>
        Answers.Json(await ViewAsync(Find(desk, id), views, ct), WireJson.Wire.AuditView);

    private static async Task<IResult> CancelAsync(string id, AuditDesk desk, PersonViews views, CancellationToken ct)
    {
        var audit = Find(desk, id);
        desk.Cancel(audit);
        return Answers.Json(await ViewAsync(audit, views, ct), WireJson.Wire.AuditView);
    }

    private static async Task<IResult> RepairAsync(string id, AuditDesk desk, AuditInboxes inboxes, PersonViews views, CancellationToken ct)
    {
        var audit = Find(desk, id);
        if (audit.State == AuditState.Running)
            return Problems.Answer(Running);
        await inboxes.RepairAsync(audit, ct);
        return Answers.Json(await ViewAsync(audit, views, ct), WireJson.Wire.AuditView);
    }

    /// <exception cref="RejectedException">There is no such audit, or not any more.</exception>
    private static Audit Find(AuditDesk desk, string id)
    {
        var found = id == Current ? desk.Current
            : long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? desk.Find(number) : null;
        return found ?? throw new RejectedException(Rejection.NotFound("audit"));
    }

    private static async ValueTask<AuditView> ViewAsync(Audit audit, PersonViews views, CancellationToken ct)
    {
        // The state first: what is told of an audit that has ended is all of it.
        var (state, found) = (audit.State, audit.Figures);
        var worst = found.Incomplete.OrderByDescending(reader => reader.Missing).ThenBy(reader => reader.Reader.Value).Take(WorstMax).ToArray();
        var people = await views.SummariesAsync([.. worst.Select(reader => reader.Reader)], ct);
        return new AuditView(
            Name(audit), state.ToString().ToLowerInvariant(), audit.Repair, DateTimeOffset.FromUnixTimeMilliseconds(audit.StartedUnixMs),
            state == AuditState.Running ? null : DateTimeOffset.FromUnixTimeMilliseconds(audit.EndedUnixMs),
            audit.Readers.Count, found.Looked, found.Compared, found.Expected, found.Present, found.Missing, found.Completeness,
            new AuditExtraView(found.Extra.Unfollowed, found.Extra.Deleted, found.Extra.Pulled, found.Extra.Unexplained), found.Rechecked,
            found.Incomplete.Count, found.Incomplete.Count(reader => reader.Repaired),
            [.. worst.Select((reader, i) => new AuditReaderView(
                people[i], reader.Expected, reader.Missing, reader.Repaired, [.. reader.Examples.Select(post => post.ToString())]))]);
    }

    private static string Name(Audit audit) => audit.Id.ToString(CultureInfo.InvariantCulture);

    private static readonly Rejection Running =
        new(RejectionKind.Conflict, "audit_running", "An audit is running: wait until it has ended, or cancel it.");
}

internal static class AuditParts
{
    public static IServiceCollection AddAudits(this IServiceCollection services) => services
        .AddSingleton<AuditInboxes>()
        .AddSingleton<AuditDesk>()
        .AddHostedService(s => s.GetRequiredService<AuditDesk>());
}
