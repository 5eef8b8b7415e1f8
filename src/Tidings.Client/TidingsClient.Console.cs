using System.Globalization;
using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>What the operator's console is made of: it needs an admin key.</summary>
public sealed partial class TidingsClient
{
    /// <param name="after">The number of the last sample that was seen; null for all that are kept.</param>
    public Task<VitalsView> VitalsAsync(long? after, CancellationToken ct) => AskAsync(
        Get(after is { } seen ? string.Create(CultureInfo.InvariantCulture, $"/v1/admin/vitals?after={seen}") : "/v1/admin/vitals"),
        WireJson.Wire.VitalsView, ct);

    /// <summary>Whose posts cost most to bring to their readers.</summary>
    public Task<AuthorCostsView> AuthorCostsAsync(int? limit, CancellationToken ct) =>
        AskAsync(Get(Paged("/v1/admin/authors/costs", limit, null)), WireJson.Wire.AuthorCostsView, ct);

    /// <summary>What a reader would see on the first page just now. Nobody notices that it was looked at.</summary>
    public Task<FeedView> FeedOfAsync(string person, int? limit, CancellationToken ct) =>
        AskAsync(Get(Paged($"/v1/admin/people/{person}/feed", limit, null)), WireJson.Wire.FeedView, ct);

    public Task<AuditView> StartAuditAsync(AuditRequest audit, CancellationToken ct) =>
        AskAsync(Post("/v1/admin/audits", audit, WireJson.Wire.AuditRequest), WireJson.Wire.AuditView, ct);

    /// <param name="id">One that was given lately, or <c>current</c> for the newest.</param>
    public Task<AuditView> AuditAsync(string id, CancellationToken ct) => AskAsync(Get($"/v1/admin/audits/{id}"), WireJson.Wire.AuditView, ct);

    public Task<AuditView> CancelAuditAsync(string id, CancellationToken ct) => AskAsync(Delete($"/v1/admin/audits/{id}"), WireJson.Wire.AuditView, ct);

    /// <summary>Drops the inboxes that the audit found to lack something.</summary>
    public Task<AuditView> RepairAsync(string id, CancellationToken ct) =>
        AskAsync(Request(HttpMethod.Post, $"/v1/admin/audits/{id}/repair"), WireJson.Wire.AuditView, ct);

    /// <summary>Anybody, as they see themselves.</summary>
    public Task<PersonView> LookUpAsync(string id, CancellationToken ct) => AskAsync(Get($"/v1/admin/people/{id}"), WireJson.Wire.PersonView, ct);

    public Task<PersonView> LookUpByHandleAsync(string handle, CancellationToken ct) =>
        AskAsync(Get($"/v1/admin/people/by-handle/{Uri.EscapeDataString(handle)}"), WireJson.Wire.PersonView, ct);
}
