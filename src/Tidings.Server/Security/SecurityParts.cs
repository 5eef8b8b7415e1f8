namespace Tidings.Server.Security;

internal static class SecurityParts
{
    public static IServiceCollection AddSecurity(this IServiceCollection services) => services
        .AddSingleton<KnownCallers>()
        .AddSingleton<SignInLimits>()
        .AddSingleton<PasswordGate>();
}
