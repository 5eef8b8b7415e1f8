namespace Tidings.Server.Security;

internal static class SecurityParts
{
    public static IServiceCollection AddSecurity(this IServiceCollection services) => services
        .AddSingleton<KnownCallers>()
        .AddSingleton<RateLimits>()
        .AddSingleton<OutsideIssuer>()
        .AddSingleton<OutsidePeople>()
        .AddSingleton<PasswordGate>();
}
