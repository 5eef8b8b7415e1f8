using System.Globalization;
using Tidings.Client.Wire;
using Tidings.Server.Http;

namespace Tidings.Server.Vitals;

/// <summary>How the server has been in the last quarter of an hour, for the operator's console.</summary>
internal static class VitalsEndpoints
{
    public static void MapVitals(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/vitals", Read).WithName("vitals").WithSummary("How the server has been, second by second").Says<VitalsView>(200, 400, 401, 403);

    private static IResult Read(VitalsRing ring, string? after)
    {
        if (after is null)
            return Answers.Json(ring.After(0), WireJson.Wire.VitalsView);
        return long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? Answers.Json(ring.After(seq), WireJson.Wire.VitalsView)
            : Problems.Answer(Rejection.Invalid("after", "The number of a sample."));
    }
}

internal static class VitalsParts
{
    public static IServiceCollection AddVitals(this IServiceCollection services) => services
        .AddSingleton<Instruments>()
        .AddSingleton<VitalsSampler>()
        .AddSingleton(s => new VitalsRing(s.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeSeconds()))
        .AddHostedService<VitalsLoop>();
}
