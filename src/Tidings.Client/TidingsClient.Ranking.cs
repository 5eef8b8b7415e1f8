using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>Why feeds are as they are, and how they are to be.</summary>
public sealed partial class TidingsClient
{
    /// <summary>Why a post is where it is in one's feed, or why it isn't there.</summary>
    public Task<WhyView> WhyAsync(string post, CancellationToken ct) => AskAsync(Get($"/v1/feed/why/{post}"), WireJson.Wire.WhyView, ct);

    /// <summary>The same for anybody's feed: for the operator.</summary>
    public Task<WhyView> WhyAsync(string person, string post, CancellationToken ct) =>
        AskAsync(Get($"/v1/admin/people/{person}/feed/why/{post}"), WireJson.Wire.WhyView, ct);
}
