using System.CommandLine;
using Tidings.Ranking;
using Tidings.ModelServers;

namespace Tidings.Server.Hosting;

/// <summary>All settings of the server: an option or a <c>TIDINGS_…</c> variable that isn't here is refused.</summary>
internal static class ServeSettings
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        Setting.Text("--data", "Folder of the record.", o => o.DataFolder, (o, v) => o with { DataFolder = v }),
        Setting.Text("--urls", "Addresses to listen on, ; between them.", o => o.Urls, (o, v) => o with { Urls = v }),
        Setting.Text("--admin-urls", "Addresses for the operator's routes and the metrics alone, ; between them.",
            o => o.AdminUrls, (o, v) => o with { AdminUrls = v }),
        Setting.Text("--backups", "Folder in which copies of the record are made when they are asked for.", o => o.Backups, (o, v) => o with { Backups = v }),
        Setting.Text("--trusted-proxies", "Addresses or networks of proxies whose X-Forwarded-For is believed, ; between them.",
            o => o.TrustedProxies, (o, v) => o with { TrustedProxies = v }),
        Setting.OneOf("--durability", "Whether an answer waits for the disk, or the disk is synced every 100 ms.",
            o => o.Durability, (o, v) => o with { Durability = v }),
        Setting.Flag("--demo", "Fill an empty record with a small lively network. On loopback only.", (o, v) => o with { Demo = v }),
        Setting.Flag("--insecure-public", "Listen on a public address without HTTPS: for a proxy in front that has it.",
            (o, v) => o with { InsecurePublic = v }),
        Setting.Text("--certificate", "PEM file of the certificate for https addresses.",
            o => o.Certificate, (o, v) => o with { Certificate = v }),
        Setting.Text("--certificate-key", "PEM file of its private key.", o => o.CertificateKey, (o, v) => o with { CertificateKey = v }),
        Setting.Flag("--accept-damaged-log", "Open a record whose log is damaged, without what was written from the damage on.",
            (o, v) => o with { AcceptDamagedLog = v }),
        Setting.Number("--pull-threshold", "Followers from which on an author's posts are pulled.", 1, 1_000_000,
            o => o.PullThreshold, (o, v) => o with { PullThreshold = v }),
        Setting.Number("--hot-posts", "Posts whose headers memory holds.", 1_024, 268_435_456,
            o => o.HotPosts, (o, v) => o with { HotPosts = v }),
        Setting.Number("--inbox-mib", "Memory of inboxes and timelines, MiB.", 1, 1_048_576,
            o => o.InboxMib, (o, v) => o with { InboxMib = v }),
        Setting.Number("--free-mib", "Free space of the disk below which writes are refused, MiB.", 0, 1_048_576,
            o => o.FreeMib, (o, v) => o with { FreeMib = v }),
        Setting.OneOf("--ranking", "How feeds are ranked until it is changed; kept is what was set last.", ["kept", .. RankingPresets.All.Keys],
            o => o.Ranking, (o, v) => o with { Ranking = v }),
        Setting.Number("--slate-sample", "Of 10,000 ranked pages, how many are logged with their features.", 0, 10_000,
            o => o.SlateSample, (o, v) => o with { SlateSample = v }),
        Setting.Number("--session-minutes", "How long a session lasts.", 1, 129_600,
            o => o.SessionMinutes, (o, v) => o with { SessionMinutes = v }),
        Setting.Number("--session-cache-entries", "Callers known without asking the record.", 3, 1_000_000,
            o => o.SessionCacheEntries, (o, v) => o with { SessionCacheEntries = v }),
        Setting.Number("--session-cache-seconds", "How long they are known so.", 1, 86_400,
            o => o.SessionCacheSeconds, (o, v) => o with { SessionCacheSeconds = v }),
        Setting.Number("--post-cache-entries", "Posts kept ready to be sent.", 3, 10_000_000,
            o => o.PostCacheEntries, (o, v) => o with { PostCacheEntries = v }),
        Setting.Number("--post-cache-seconds", "How long they are kept.", 1, 86_400,
            o => o.PostCacheSeconds, (o, v) => o with { PostCacheSeconds = v }),
        Setting.Number("--sign-ins-per-address", "Sign-ins and sign-ups from one address in a minute.", 1, 1_000_000,
            o => o.SignInsPerAddress, (o, v) => o with { SignInsPerAddress = v }),
        Setting.Number("--sign-ins-per-handle", "Sign-ins with one handle in a minute.", 1, 1_000_000,
            o => o.SignInsPerHandle, (o, v) => o with { SignInsPerHandle = v }),
        Setting.Flag("--no-rate-limits", "Lift all limits of requests but those of signing in: for load tests.",
            (o, v) => o with { NoRateLimits = v }),
        Setting.Number("--reads-per-minute", "Reads of one person in a minute.", 1, 10_000_000,
            o => o.ReadsPerMinute, (o, v) => o with { ReadsPerMinute = v }),
        Setting.Number("--writes-per-minute", "Writes of one person in a minute.", 1, 10_000_000,
            o => o.WritesPerMinute, (o, v) => o with { WritesPerMinute = v }),
        Setting.Number("--live-per-minute", "Live connections and tickets of one person in a minute.", 1, 10_000_000,
            o => o.LivePerMinute, (o, v) => o with { LivePerMinute = v }),
        Setting.Number("--admin-per-minute", "Requests with one admin key in a minute.", 1, 10_000_000,
            o => o.AdminPerMinute, (o, v) => o with { AdminPerMinute = v }),
        Setting.Number("--anonymous-per-minute", "Requests from one address in a minute by whoever is not signed in.", 1, 10_000_000,
            o => o.AnonymousPerMinute, (o, v) => o with { AnonymousPerMinute = v }),
        Setting.Number("--exports-per-hour", "Exports of one person in an hour.", 1, 10_000,
            o => o.ExportsPerHour, (o, v) => o with { ExportsPerHour = v }),
        Setting.Text("--oidc-issuer", "OpenID Connect issuer whose tokens are accepted: https, or http on loopback.",
            o => o.OidcIssuer, (o, v) => o with { OidcIssuer = v }),
        Setting.Text("--oidc-audience", "Audience that its tokens must name.", o => o.OidcAudience, (o, v) => o with { OidcAudience = v }),
        Setting.Flag("--oidc-provision", "Make a person of a subject who comes for the first time.", (o, v) => o with { OidcProvision = v }),
        Setting.Number("--oidc-skew-seconds", "How far the issuer's clock may be from this one.", 0, 300,
            o => o.OidcSkewSeconds, (o, v) => o with { OidcSkewSeconds = v }),
        Setting.Number("--erase-hours", "Hours that what an erased person wrote may stay in the files before they are compacted.", 0, 720,
            o => o.EraseHours, (o, v) => o with { EraseHours = v }),
        Setting.Number("--password-hashes", "Password hashes at once, each a core for a tenth of a second.", 1, 256,
            o => o.PasswordHashes, (o, v) => o with { PasswordHashes = v }),
        Setting.Number("--live-connections", "Live connections of all readers together.", 0, 1_000_000,
            o => o.LiveConnections, (o, v) => o with { LiveConnections = v }),
        Setting.Number("--live-connections-per-person", "Live connections of one person.", 1, 1_000,
            o => o.LiveConnectionsPerPerson, (o, v) => o with { LiveConnectionsPerPerson = v }),
        Setting.Text("--live-origins", "Origins besides this server's own whose pages may open live connections, ; between them.",
            o => o.LiveOrigins, (o, v) => o with { LiveOrigins = v }),
        Setting.Text("--model", "File of the model that ranks, or default, or none.", o => o.Model, (o, v) => o with { Model = v }),
        Setting.Text("--model-server", "Address of a model server: tfs+grpc, tfs+http, oip+grpc or oip+http://host:port/model.",
            o => o.ModelServer, (o, v) => ModelServerOptions.Parse(v) is null ? null! : o with { ModelServer = v }),
        Setting.Number("--model-server-ms", "How long a page waits for it.", 1, 10_000, o => o.ModelServerMs, (o, v) => o with { ModelServerMs = v }),
        Setting.Number("--drain-seconds", "How long requests are still taken after /readyz says no.", 0, 600,
            o => o.DrainSeconds, (o, v) => o with { DrainSeconds = v }),
    ];

    /// <summary>What the command line and the environment say together; every fault is among the errors.</summary>
    public static ServeOptions Read(ParseResult line, IReadOnlyDictionary<string, string> environment, ICollection<string> errors)
    {
        var unknown = environment.Keys
            .Where(k => k.StartsWith(Setting.Prefix, StringComparison.Ordinal) && All.All(s => s.Key != k)).Order();
        foreach (var key in unknown)
            errors.Add($"{key} is no setting. There are: {string.Join(", ", All.Select(s => s.Key))}.");
        return All.Aggregate(new ServeOptions(), (options, setting) => setting.Read(options, line, environment, errors));
    }
}
