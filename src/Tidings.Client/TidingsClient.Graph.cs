using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>What people are to each other, the lists, and audience lists.</summary>
public sealed partial class TidingsClient
{
    public Task<TieView> FollowAsync(string person, CancellationToken ct) => TieAsync(Put($"/v1/me/following/{person}"), ct);

    public Task<TieView> UnfollowAsync(string person, CancellationToken ct) => TieAsync(Delete($"/v1/me/following/{person}"), ct);

    /// <summary>Asks to be friends, or accepts.</summary>
    public Task<TieView> BefriendAsync(string person, CancellationToken ct) => TieAsync(Put($"/v1/me/friends/{person}"), ct);

    /// <summary>Ends a friendship, declines a request or takes one back.</summary>
    public Task<TieView> UnfriendAsync(string person, CancellationToken ct) => TieAsync(Delete($"/v1/me/friends/{person}"), ct);

    public Task<TieView> BlockAsync(string person, CancellationToken ct) => TieAsync(Put($"/v1/me/blocks/{person}"), ct);

    public Task<TieView> UnblockAsync(string person, CancellationToken ct) => TieAsync(Delete($"/v1/me/blocks/{person}"), ct);

    public Task<TieView> MuteAsync(string person, CancellationToken ct) => TieAsync(Put($"/v1/me/mutes/{person}"), ct);

    public Task<TieView> UnmuteAsync(string person, CancellationToken ct) => TieAsync(Delete($"/v1/me/mutes/{person}"), ct);

    public Task<TieView> AddCloseFriendAsync(string person, CancellationToken ct) => TieAsync(Put($"/v1/me/close-friends/{person}"), ct);

    public Task<TieView> RemoveCloseFriendAsync(string person, CancellationToken ct) => TieAsync(Delete($"/v1/me/close-friends/{person}"), ct);

    public Task<Page<PersonSummary>> FollowingAsync(string person, int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync($"/v1/people/{person}/following", limit, cursor, ct);

    public Task<Page<PersonSummary>> FollowersAsync(string person, int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync($"/v1/people/{person}/followers", limit, cursor, ct);

    public Task<Page<PersonSummary>> FriendsAsync(string person, int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync($"/v1/people/{person}/friends", limit, cursor, ct);

    public Task<Page<PersonSummary>> RequestsSentAsync(int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync("/v1/me/requests/sent", limit, cursor, ct);

    public Task<Page<PersonSummary>> RequestsReceivedAsync(int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync("/v1/me/requests/received", limit, cursor, ct);

    public Task<Page<PersonSummary>> BlocksAsync(int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync("/v1/me/blocks", limit, cursor, ct);

    public Task<Page<PersonSummary>> MutesAsync(int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync("/v1/me/mutes", limit, cursor, ct);

    public Task<Page<PersonSummary>> CloseFriendsAsync(int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync("/v1/me/close-friends", limit, cursor, ct);

    public Task<AudienceView> AddAudienceAsync(string name, CancellationToken ct) => AskAsync(
        Post("/v1/me/audiences", new NewAudienceRequest(name), WireJson.Wire.NewAudienceRequest), WireJson.Wire.AudienceView, ct);

    public Task<Page<AudienceView>> AudiencesAsync(CancellationToken ct) => AskAsync(Get("/v1/me/audiences"), WireJson.Wire.PageAudienceView, ct);

    public Task RemoveAudienceAsync(string list, CancellationToken ct) => DoAsync(Delete($"/v1/me/audiences/{list}"), ct);

    public Task<Page<PersonSummary>> AudienceMembersAsync(string list, int? limit, string? cursor, CancellationToken ct) =>
        PeopleAsync($"/v1/me/audiences/{list}/members", limit, cursor, ct);

    public Task<AudienceView> AddAudienceMemberAsync(string list, string person, CancellationToken ct) =>
        AskAsync(Put($"/v1/me/audiences/{list}/members/{person}"), WireJson.Wire.AudienceView, ct);

    public Task<AudienceView> RemoveAudienceMemberAsync(string list, string person, CancellationToken ct) =>
        AskAsync(Delete($"/v1/me/audiences/{list}/members/{person}"), WireJson.Wire.AudienceView, ct);

    private Task<TieView> TieAsync(HttpRequestMessage request, CancellationToken ct) => AskAsync(request, WireJson.Wire.TieView, ct);

    private Task<Page<PersonSummary>> PeopleAsync(string path, int? limit, string? cursor, CancellationToken ct) =>
        AskAsync(Get(Paged(path, limit, cursor)), WireJson.Wire.PagePersonSummary, ct);
}
