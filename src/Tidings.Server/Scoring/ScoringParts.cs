using Tidings.Models;
using Tidings.ModelServers;
using Tidings.Ranking;
using Tidings.Server.Hosting;

namespace Tidings.Server.Scoring;

/// <summary>The parts that score candidates.</summary>
internal static class ScoringParts
{
    public static IServiceCollection AddScoring(this IServiceCollection services, ServeOptions options) =>
        services.AddSingleton(s => new ModelShelf(
            s.GetRequiredService<RankingPlans>(), new ModelFolder(options.DataFolder), LocalModels.Of(options.Model), Server(s, options), LocalModels.Read,
            (path, e) => ServerLog.ModelPassedOver(s.GetRequiredService<ILogger<ModelShelf>>(), Path.GetFileName(path), e.Message)));

    private static ModelServer? Server(IServiceProvider services, ServeOptions options) => ModelServerOptions.Parse(options.ModelServer) is { } server
        ? new ModelServer(server with { DeadlineMs = options.ModelServerMs }, services.GetRequiredService<TimeProvider>())
        : null;

    /// <summary>Before the first reader comes the model is there.</summary>
    /// <exception cref="ModelFileException">The file of <c>--model</c> can't rank.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    public static void UseScoring(this WebApplication app) => app.Services.GetRequiredService<ModelShelf>();
}
