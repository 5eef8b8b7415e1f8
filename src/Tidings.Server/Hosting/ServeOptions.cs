using Tidings.Embedded;

namespace Tidings.Server.Hosting;

/// <summary>How the server runs. Ranges stand where each is read, in <see cref="ServeSettings"/>.</summary>
public sealed record ServeOptions
{
    /// <summary>The folder of the record.</summary>
    public string DataFolder { get; init; } = "./data";

    /// <summary>The folder in which copies of the record are made when they are asked for.</summary>
    public string Backups { get; init; } = "./backups";

    /// <summary>Where to listen, <c>;</c> between several. Port 0 takes a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Where the operator's routes and the metrics are served, and nowhere else; empty for wherever the rest is.</summary>
    public string AdminUrls { get; init; } = "";

    /// <summary>Addresses and networks of proxies whose <c>X-Forwarded-For</c> is believed, <c>;</c> between several; empty for none.</summary>
    public string TrustedProxies { get; init; } = "";

    public Durability Durability { get; init; } = Durability.Always;

    /// <summary>Fills an empty record with a small network of demo people. On loopback only.</summary>
    public bool Demo { get; init; }

    /// <summary>Allows plain HTTP on an address that others reach: for a proxy in front that speaks TLS.</summary>
    public bool InsecurePublic { get; init; }

    /// <summary>A certificate in PEM, for <c>https</c> addresses; empty for none.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>The certificate's private key in PEM.</summary>
    public string CertificateKey { get; init; } = "";

    /// <summary>Opens a record whose write-ahead log is damaged, without what was written from the damage on.</summary>
    public bool AcceptDamagedLog { get; init; }

    /// <summary>Followers from which on an author's posts are pulled, not pushed.</summary>
    public int PullThreshold { get; init; } = 10_000;

    /// <summary>Posts whose headers memory holds: some 300 MB by default.</summary>
    public int HotPosts { get; init; } = 4_194_304;

    /// <summary>Memory of inboxes and author timelines, MiB.</summary>
    public int InboxMib { get; init; } = 4_096;

    /// <summary>Free space of the disk below which writes are refused, MiB.</summary>
    public int FreeMib { get; init; } = 512;

    /// <summary>A preset of <see cref="Ranking.RankingPresets"/> to rank by until it is changed; <c>kept</c> for what was set last.</summary>
    public string Ranking { get; init; } = "kept";

    /// <summary>Of 10,000 ranked pages, how many are logged with their features.</summary>
    public int SlateSample { get; init; } = 100;

    /// <summary>How long a session lasts.</summary>
    public int SessionMinutes { get; init; } = 24 * 60;

    /// <summary>Callers known without asking the record, and for how long.</summary>
    public int SessionCacheEntries { get; init; } = 256;

    public int SessionCacheSeconds { get; init; } = 3_600;

    /// <summary>Posts kept ready to be sent, and for how long.</summary>
    public int PostCacheEntries { get; init; } = 65_536;

    public int PostCacheSeconds { get; init; } = 300;

    /// <summary>Sign-ins and sign-ups from one address in a minute.</summary>
    public int SignInsPerAddress { get; init; } = 30;

    /// <summary>Sign-ins with one handle in a minute.</summary>
    public int SignInsPerHandle { get; init; } = 10;

    /// <summary>Lifts all limits of requests but those of signing in: for load tests.</summary>
    public bool NoRateLimits { get; init; }

    /// <summary>Reads of one person in a minute.</summary>
    public int ReadsPerMinute { get; init; } = 6_000;

    /// <summary>Writes of one person in a minute.</summary>
    public int WritesPerMinute { get; init; } = 600;

    /// <summary>Live connections and tickets of one person in a minute.</summary>
    public int LivePerMinute { get; init; } = 120;

    /// <summary>Requests with one admin key in a minute.</summary>
    public int AdminPerMinute { get; init; } = 6_000;

    /// <summary>Requests from one address in a minute by whoever is not signed in.</summary>
    public int AnonymousPerMinute { get; init; } = 3_000;

    /// <summary>Exports of one person in an hour.</summary>
    public int ExportsPerHour { get; init; } = 10;

    /// <summary>The address of an OpenID Connect issuer whose tokens are accepted; empty for none.</summary>
    public string OidcIssuer { get; init; } = "";

    /// <summary>What its tokens must be made for.</summary>
    public string OidcAudience { get; init; } = "";

    /// <summary>Makes a person of a subject who comes for the first time; else the operator names the person.</summary>
    public bool OidcProvision { get; init; }

    /// <summary>How far the issuer's clock may be from this one.</summary>
    public int OidcSkewSeconds { get; init; } = 30;

    /// <summary>How long what an erased person wrote may stay in the files before they are compacted.</summary>
    public int EraseHours { get; init; } = 24;

    /// <summary>Password hashes at once, each a core for a tenth of a second.</summary>
    public int PasswordHashes { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Live connections of all readers together.</summary>
    public int LiveConnections { get; init; } = 10_000;

    /// <summary>Live connections of one person.</summary>
    public int LiveConnectionsPerPerson { get; init; } = 10;

    /// <summary>Origins besides this server's own whose pages may open live connections, <c>;</c> between several.</summary>
    public string LiveOrigins { get; init; } = "";

    /// <summary>How long requests are still taken after the server began to stop and <c>/readyz</c> says so.</summary>
    public int DrainSeconds { get; init; }

    /// <summary>The model that ranks where none was put in while running: a file, <c>default</c> for the one that ships, <c>none</c> for the first pass.</summary>
    public string Model { get; init; } = "default";

    /// <summary>A model server that is asked first, such as <c>oip+grpc://127.0.0.1:8001/ranker</c>; empty for none.</summary>
    public string ModelServer { get; init; } = "";

    /// <summary>How long a page waits for it, milliseconds.</summary>
    public int ModelServerMs { get; init; } = 50;

    public EmbeddedOptions Embedded() => new()
    {
        DataFolder = DataFolder,
        Durability = Durability,
        AcceptDamagedLog = AcceptDamagedLog,
        PullFollowersMin = PullThreshold,
        HotPostsMax = HotPosts,
        InboxBytesMax = InboxMib * 1_048_576L,
        FreeBytesMin = FreeMib * 1_048_576L,
    };
}
