namespace Tidings.Server.Security;

/// <summary>Who may use a route. A route that says nothing is for people only.</summary>
public enum Access : byte
{
    /// <summary>A signed-in person, or a service acting on behalf of one.</summary>
    Person = 0,
    Anyone = 1,
    /// <summary>An admin key.</summary>
    Admin = 2,
    /// <summary>An admin key, or a request that was made on this machine.</summary>
    Operator = 3,
}

/// <summary>What <see cref="Admission"/> reads of an endpoint.</summary>
public sealed record AccessRule(Access Access);

/// <summary>The route takes a one-time ticket in the place of the header: browsers can't set one on a WebSocket.</summary>
public sealed record TicketRule;

internal static class AccessRules
{
    public static T TakesTickets<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new TicketRule());

    public static bool TakesTickets(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<TicketRule>() is not null;

    /// <summary>Whether a path is the API's: of what isn't there, too, only those learn who say who they are.</summary>
    public static bool IsApi(PathString path) => path.StartsWithSegments("/v1");

    public static T IsFor<T>(this T routes, Access access) where T : IEndpointConventionBuilder => routes.WithMetadata(new AccessRule(access));

    public static Access Of(IEnumerable<object> metadata) => metadata.OfType<AccessRule>().LastOrDefault()?.Access ?? Access.Person;

    public static Access Of(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<AccessRule>()?.Access ?? Access.Person;
}
