using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>A person joins, and is signed in at once.</summary>
/// <param name="Handle">2 to 30 of a-z, 0-9 and _. Nobody else may have it, and it stays.</param>
/// <param name="Name">1 to 80 characters.</param>
/// <param name="Password">10 to 200 characters.</param>
/// <param name="Bio">At most 500 characters.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SignUpRequest(string Handle, string Name, string Password, string Bio = "");

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SignInRequest(string Handle, string Password);

/// <summary>In a demo only: one of its people, without a password.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DemoSignInRequest(string Handle);

/// <summary>What is left out stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EditProfileRequest(string? Name = null, string? Bio = null);

/// <param name="Password">Of the person who asks; may be left out within five minutes of signing in.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EraseRequest(string? Password = null);

/// <param name="Token">Shown here only. It is sent as <c>Authorization: Bearer …</c>.</param>
public sealed record SessionView(string Token, string PersonId, DateTimeOffset ExpiresAt);

public sealed record SignedUpView(PersonView Person, SessionView Session);

/// <summary>As much of a person as stands beside a post and in lists.</summary>
/// <param name="Tie">In lists of people: what is between the reader and this one. Left out elsewhere, and for oneself.</param>
public sealed record PersonSummary(
    string Id, string Handle, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TieView? Tie = null);

/// <param name="Tie">What is between the reader and this person; null for oneself.</param>
public sealed record PersonView(
    string Id, string Handle, string Name, string Bio, DateTimeOffset CreatedAt, GraphCountsView Counts, TieView? Tie);

public sealed record GraphCountsView(int Following, int Followers, int Friends);
