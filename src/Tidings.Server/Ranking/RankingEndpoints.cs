using Tidings.Client.Wire;
using Tidings.Feeds;
using Tidings.Ranking;
using Tidings.Server.Http;

namespace Tidings.Server.Ranking;

/// <summary>The operator looks at ranking, changes it, and tries other ways.</summary>
internal static class RankingEndpoints
{
    public static void MapRanking(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/ranking", Ranking).WithName("ranking").WithSummary("How feeds are ranked").Says<RankingView>(200, 401, 403);
        admin.MapPut("/ranking", SetAsync).WithName("set_ranking").WithSummary("Ranks feeds otherwise, from the next page on")
            .Says<RankingView>(200, 400, 401, 403, 503, 507);
        admin.MapGet("/experiments", ExperimentsAsync).WithName("experiments").WithSummary("All experiments, the oldest first")
            .Says<Page<ExperimentView>>(200, 401, 403);
        admin.MapPost("/experiments", StartAsync).WithName("start_experiment").WithSummary("Ranks otherwise for a share of the readers, and counts")
            .Says<ExperimentView>(201, 400, 401, 403, 409, 503, 507);
        admin.MapPost("/experiments/{name}/stop", StopAsync).WithName("stop_experiment").WithSummary("Ends an experiment")
            .Says<ExperimentView>(200, 401, 403, 404, 503, 507);
        admin.MapGet("/experiments/{name}/report", ReportAsync).WithName("experiment_report")
            .WithSummary("How the variants compare, with intervals of 95 %").Says<ExperimentReportView>(200, 401, 403, 404);
    }

    private static IResult Ranking(RankingPlans plans) => Answers.Json(
        new RankingView(
            RankingViews.View(plans.Profile), plans.Model is { } model ? $"{model.Name} {model.Version}" : null, plans.Experiment?.Name),
        WireJson.Wire.RankingView);

    private static async Task<IResult> SetAsync(Body<RankingRequest> body, ChangeRanking change, RankingPlans plans, CancellationToken ct)
    {
        var profile = RankingViews.Profile(body.Value, RankingProfile.Default);
        if (!profile.IsOk)
            return Problems.Answer(profile.Rejection);
        var changed = await change.ExecuteAsync(profile.Value, ct);
        return changed.To(_ => Ranking(plans));
    }

    private static async Task<IResult> ExperimentsAsync(IRankingStore store, CancellationToken ct)
    {
        var experiments = await store.ExperimentsAsync(ct);
        return Answers.Json(new Page<ExperimentView>([.. experiments.Select(RankingViews.View)], null), WireJson.Wire.PageExperimentView);
    }

    private static async Task<IResult> StartAsync(HttpContext http, Body<ExperimentRequest> body, RunExperiments experiments, RankingPlans plans, CancellationToken ct)
    {
        var asked = body.Value;
        var variants = RankingViews.Variants(asked.Variants, plans.Profile);
        if (!variants.IsOk)
            return Problems.Answer(variants.Rejection);
        var started = await experiments.StartAsync(asked.Name, variants.Value, asked.RiseMax ?? Experiment.RiseMaxDefault, ct);
        return started.To(made => Answers.Created(
            http, $"/v1/admin/experiments/{made.Name}/report", RankingViews.View(made), WireJson.Wire.ExperimentView));
    }

    private static async Task<IResult> StopAsync(string name, RunExperiments experiments, CancellationToken ct) =>
        (await experiments.StopAsync(name, ct)).To(ended => Answers.Json(RankingViews.View(ended), WireJson.Wire.ExperimentView));

    private static async Task<IResult> ReportAsync(string name, RunExperiments experiments, CancellationToken ct) =>
        (await experiments.ReportAsync(name, ct)).To(report =>
            Answers.Json(RankingViews.View(report.Experiment, report.Variants), WireJson.Wire.ExperimentReportView));
}
