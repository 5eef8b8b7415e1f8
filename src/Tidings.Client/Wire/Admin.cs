using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <param name="Name">1 to 80 characters: which backend has the key.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewKeyRequest(string Name);

/// <param name="Key">Shown here only.</param>
public sealed record NewKeyView(string Id, string Name, string Key);

/// <param name="Kind"><c>service</c> or <c>admin</c>.</param>
public sealed record KeyView(string Id, string Name, string Kind);

/// <summary>A person who signs in through the product's own backend: without a password.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewPersonRequest(string Handle, string Name, string Bio = "");

/// <param name="Subject">As the OpenID Connect issuer calls the person: 1 to 255 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record IdentityRequest(string Subject);

/// <param name="Folder">Where it is on the server's machine: a data folder like any other.</param>
/// <param name="Bytes">Of all its files. On the disk of the data folder most of them are shared with it.</param>
public sealed record BackupView(string Name, string Folder, long Bytes, DateTimeOffset MadeAt);

/// <param name="Ready">Whether requests are taken.</param>
/// <param name="UptimeSeconds">Since the record was open.</param>
/// <param name="EventsEnd">The position of the newest event.</param>
/// <param name="FanOutPosition">How far the fan-out has got.</param>
/// <param name="FanOutLag">Events that the fan-out has yet to see to.</param>
/// <param name="CachedPosts">Posts that are kept ready to be sent.</param>
/// <param name="CachedSessions">Callers who are known without asking the record.</param>
public sealed record StatusView(
    string Version, bool Ready, string Durability, long UptimeSeconds, long EventsEnd, long FanOutPosition, long FanOutLag,
    int CachedPosts, int CachedSessions);
