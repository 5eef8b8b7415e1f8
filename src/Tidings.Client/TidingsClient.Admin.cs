using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>The operator's routes: they need an admin key.</summary>
public sealed partial class TidingsClient
{
    public Task<NewKeyView> MakeKeyAsync(string name, CancellationToken ct) =>
        AskAsync(Post("/v1/admin/keys", new NewKeyRequest(name), WireJson.Wire.NewKeyRequest), WireJson.Wire.NewKeyView, ct);

    public Task<Page<KeyView>> KeysAsync(CancellationToken ct) => AskAsync(Get("/v1/admin/keys"), WireJson.Wire.PageKeyView, ct);

    public Task RevokeKeyAsync(string id, CancellationToken ct) => DoAsync(Delete($"/v1/admin/keys/{id}"), ct);

    /// <summary>Adds a person who has no password: a service key acts for them.</summary>
    public Task<PersonSummary> AddPersonAsync(NewPersonRequest person, CancellationToken ct) =>
        AskAsync(Post("/v1/admin/people", person, WireJson.Wire.NewPersonRequest), WireJson.Wire.PersonSummary, ct);

    /// <summary>Copies the server's data folder while it runs.</summary>
    public Task<BackupView> BackUpAsync(CancellationToken ct) =>
        AskAsync(Request(HttpMethod.Post, "/v1/admin/backups"), WireJson.Wire.BackupView, ct);

    public Task<Page<BackupView>> BackupsAsync(CancellationToken ct) => AskAsync(Get("/v1/admin/backups"), WireJson.Wire.PageBackupView, ct);

    public Task<StatusView> StatusAsync(CancellationToken ct) => AskAsync(Get("/v1/admin/status"), WireJson.Wire.StatusView, ct);
}
