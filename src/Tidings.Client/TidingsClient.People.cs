using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>People and sessions.</summary>
public sealed partial class TidingsClient
{
    public Task<SignedUpView> SignUpAsync(SignUpRequest person, CancellationToken ct) =>
        AskAsync(Post("/v1/people", person, WireJson.Wire.SignUpRequest), WireJson.Wire.SignedUpView, ct);

    public Task<SessionView> SignInAsync(SignInRequest person, CancellationToken ct) =>
        AskAsync(Post("/v1/sessions", person, WireJson.Wire.SignInRequest), WireJson.Wire.SessionView, ct);

    public Task SignOutAsync(CancellationToken ct) => DoAsync(Delete("/v1/sessions/current"), ct);

    public Task<PersonView> MeAsync(CancellationToken ct) => AskAsync(Get("/v1/me"), WireJson.Wire.PersonView, ct);

    public Task<PersonView> EditMeAsync(EditProfileRequest changes, CancellationToken ct) =>
        AskAsync(Patch("/v1/me", changes, WireJson.Wire.EditProfileRequest), WireJson.Wire.PersonView, ct);

    public Task<PersonView> PersonAsync(string id, CancellationToken ct) => AskAsync(Get($"/v1/people/{id}"), WireJson.Wire.PersonView, ct);

    public Task<PersonView> PersonByHandleAsync(string handle, CancellationToken ct) =>
        AskAsync(Get($"/v1/people/by-handle/{Uri.EscapeDataString(handle)}"), WireJson.Wire.PersonView, ct);
}
