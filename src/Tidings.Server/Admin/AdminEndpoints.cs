using System.Globalization;
using Tidings.Client.Wire;
using Tidings.Live;
using Tidings.People;
using Tidings.Server.Audits;
using Tidings.Server.Feeds;
using Tidings.Server.Hosting;
using Tidings.Server.Http;
using Tidings.Server.Ranking;
using Tidings.Server.Scoring;
using Tidings.Server.Security;
using Tidings.Server.Vitals;

namespace Tidings.Server.Admin;

/// <summary>What the operator does: keys of backends, people who sign in elsewhere, how the server is.</summary>
internal static class AdminEndpoints
{
    private const int NameCharsMax = 80;

    /// <summary>Keys are looked through one by one.</summary>
    private const int KeysMax = 1_000;

    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/v1/admin").IsFor(Access.Admin).WithTags("admin").WithMetadata(new CountedAs(RouteClass.Admin));
        admin.MapPost("/keys", MakeKeyAsync).WithName("make_key").WithSummary("Makes a service key; it is shown here only")
            .Says<NewKeyView>(201, 400, 401, 403, 409, 503, 507);
        admin.MapGet("/keys", KeysAsync).WithName("keys").WithSummary("All keys, without their secrets").Says<Page<KeyView>>(200, 401, 403);
        admin.MapDelete("/keys/{id}", RevokeKeyAsync).WithName("revoke_key").WithSummary("Revokes a service key at once")
            .SaysNothing(401, 403, 404, 409, 503, 507);
        admin.MapPost("/people", AddPersonAsync).WithName("add_person").WithSummary("Adds a person who signs in through the product's backend")
            .Says<PersonSummary>(201, 400, 401, 403, 409, 413, 503, 507);
        admin.MapDelete("/people/{id}", EraseAsync).WithName("erase_person").WithSummary("Erases a person and all that is theirs, for good")
            .SaysNothing(401, 403, 404, 503, 507);
        admin.MapPut("/people/{id}/identity", LinkAsync).WithName("link_identity")
            .WithSummary("Says who a subject of the OpenID Connect issuer is here").SaysNothing(400, 401, 403, 404, 409, 413, 503, 507);
        admin.MapGet("/status", Status).WithName("status").WithSummary("How the server is").Says<StatusView>(200, 401, 403);
        admin.MapPeopleLookups();
        admin.MapFeedOf();
        admin.MapPost("/backups", BackUpAsync).WithName("back_up").WithSummary("Copies the data folder while the server runs")
            .Says<BackupView>(201, 401, 403, 409, 507);
        admin.MapGet("/backups", (Backups backups) => Answers.Json(new Page<BackupView>(backups.All(), null), WireJson.Wire.PageBackupView))
            .WithName("backups").WithSummary("The copies that are there, newest first").Says<Page<BackupView>>(200, 401, 403);
        admin.MapWhyForAdmins();
        admin.MapRanking();
        admin.MapModel();
        admin.MapVitals();
        admin.MapAuthorCosts();
        admin.MapAudits();
    }

    private static async Task<IResult> MakeKeyAsync(
        HttpContext http, Body<NewKeyRequest> body, ICredentialStore credentials, ILogger<KnownCallers> log, CancellationToken ct)
    {
        var name = body.Value.Name;
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameCharsMax)
            return Problems.Answer(Rejection.Invalid("name", $"A name has 1 to {NameCharsMax} characters and is not blank."));
        if ((await credentials.KeysAsync(ct)).Count >= KeysMax)
            return Problems.Answer(Rejection.Limit("too_many_keys", $"There are at most {KeysMax} keys: revoke one first."));

        var key = Token.Make(Token.ServicePrefix);
        var hash = Token.Hash(key);
        await credentials.AddAsync(hash, new Credential(KeyKind.Service, default, name, long.MaxValue), ct);
        ServerLog.KeyMade(log, name, IdOf(hash));
        return Answers.Created(http, $"/v1/admin/keys/{IdOf(hash)}", new NewKeyView(IdOf(hash), name, key), WireJson.Wire.NewKeyView);
    }

    private static async Task<IResult> BackUpAsync(HttpContext http, Backups backups)
    {
        var made = await backups.MakeAsync();
        return made.IsOk ? Answers.Created(http, "/v1/admin/backups", made.Value, WireJson.Wire.BackupView)
            : Problems.Answer(made.Rejection, made.Rejection.Code == Backups.FailedCode ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> KeysAsync(ICredentialStore credentials, CancellationToken ct)
    {
        var keys = await credentials.KeysAsync(ct);
        var views = keys.Select(k => new KeyView(IdOf(k.Token), k.Credential.Name, k.Credential.Kind.ToString().ToLowerInvariant()));
        return Answers.Json(new Page<KeyView>(views.ToArray(), null), WireJson.Wire.PageKeyView);
    }

    private static async Task<IResult> RevokeKeyAsync(
        string id, ICredentialStore credentials, KnownCallers callers, LiveReaders live, ILogger<KnownCallers> log, CancellationToken ct)
    {
        foreach (var (hash, credential) in await credentials.KeysAsync(ct))
        {
            if (IdOf(hash) != id)
                continue;
            if (credential.Kind == KeyKind.Admin)
                return Problems.Answer(AdminStays);
            await credentials.RemoveAsync(hash, ct);
            callers.Forget(hash);
            live.RecheckAll();
            ServerLog.KeyRevoked(log, credential.Name, id);
            return TypedResults.NoContent();
        }
        return Problems.Answer(Rejection.NotFound("key"));
    }

    private static async Task<IResult> AddPersonAsync(HttpContext http, Body<NewPersonRequest> body, SignUp signUp, CancellationToken ct)
    {
        var asked = body.Value;
        var added = await signUp.ExecuteAsync(asked.Handle, asked.Name, asked.Bio, null, ct);
        return added.To(id => Answers.Created(
            http, $"/v1/people/{id}", new PersonSummary(id.ToString(), asked.Handle, asked.Name), WireJson.Wire.PersonSummary));
    }

    private static async Task<IResult> EraseAsync(string id, Erasures erasures, CancellationToken ct) =>
        await erasures.CloseAsync(Ids.Person(id), ct) ? TypedResults.NoContent() : Problems.Answer(Rejection.NotFound("person"));

    private static async Task<IResult> LinkAsync(
        string id, Body<IdentityRequest> body, ServeOptions options, IPeopleStore people, CancellationToken ct)
    {
        var person = Ids.Person(id);
        if (options.OidcIssuer.Length == 0)
            return Problems.Answer(NoIssuer);
        if (body.Value.Subject.Length is 0 or > OutsideIssuer.SubjectCharsMax)
            return Problems.Answer(Rejection.Invalid("subject", $"A subject has 1 to {OutsideIssuer.SubjectCharsMax} characters."));
        var linked = await people.LinkAsync(person, OutsideIdentity.Hash(options.OidcIssuer, body.Value.Subject), ct);
        return linked.To(_ => TypedResults.NoContent());
    }

    private static IResult Status(ServerStatus status) => Answers.Json(status.Now(), WireJson.Wire.StatusView);

    /// <summary>The first 64 bits of the hash: enough to name a key among a few, nothing to guess it by.</summary>
    private static string IdOf(TokenHash hash) => hash.A.ToString("x16", CultureInfo.InvariantCulture);

    private static readonly Rejection NoIssuer =
        new(RejectionKind.Conflict, "no_issuer", "This server knows no OpenID Connect issuer: see --oidc-issuer.");

    private static readonly Rejection AdminStays =
        new(RejectionKind.Conflict, "admin_key_stays", "The admin key is not revoked here: nobody could make another.");
}
