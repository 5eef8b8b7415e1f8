using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>Affinity, seen posts, notifications.</summary>
public sealed partial class TidingsClient
{
    /// <summary>Tells that the profile was looked at. Counts once an hour.</summary>
    public Task ViewPersonAsync(string person, CancellationToken ct) => DoAsync(Request(HttpMethod.Post, $"/v1/people/{person}/views"), ct);

    /// <summary>Tells that a message was sent elsewhere in the product. Counts once in ten minutes.</summary>
    public Task MessagePersonAsync(string person, CancellationToken ct) =>
        DoAsync(Request(HttpMethod.Post, $"/v1/people/{person}/messages"), ct);

    public Task<Page<AffinityView>> AffinityAsync(int? limit, CancellationToken ct) =>
        AskAsync(Get(Paged("/v1/affinity", limit, null)), WireJson.Wire.PageAffinityView, ct);
}
