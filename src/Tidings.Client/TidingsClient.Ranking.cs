using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>Why feeds are as they are, and how they are to be.</summary>
public sealed partial class TidingsClient
{
    /// <summary>Why a post is where it is in one's feed, or why it isn't there.</summary>
    public Task<WhyView> WhyAsync(string post, CancellationToken ct) => AskAsync(Get($"/v1/feed/why/{post}"), WireJson.Wire.WhyView, ct);

    public Task<RankingView> RankingAsync(CancellationToken ct) => AskAsync(Get("/v1/admin/ranking"), WireJson.Wire.RankingView, ct);

    public Task<RankingView> SetRankingAsync(RankingRequest ranking, CancellationToken ct) =>
        AskAsync(With(Put("/v1/admin/ranking"), ranking, WireJson.Wire.RankingRequest, null), WireJson.Wire.RankingView, ct);

    public Task<Page<ExperimentView>> ExperimentsAsync(CancellationToken ct) =>
        AskAsync(Get("/v1/admin/experiments"), WireJson.Wire.PageExperimentView, ct);

    public Task<ExperimentView> StartExperimentAsync(ExperimentRequest experiment, CancellationToken ct) =>
        AskAsync(Post("/v1/admin/experiments", experiment, WireJson.Wire.ExperimentRequest), WireJson.Wire.ExperimentView, ct);

    public Task<ExperimentView> StopExperimentAsync(string name, CancellationToken ct) =>
        AskAsync(Request(HttpMethod.Post, $"/v1/admin/experiments/{Uri.EscapeDataString(name)}/stop"), WireJson.Wire.ExperimentView, ct);

    public Task<ExperimentReportView> ExperimentReportAsync(string name, CancellationToken ct) =>
        AskAsync(Get($"/v1/admin/experiments/{Uri.EscapeDataString(name)}/report"), WireJson.Wire.ExperimentReportView, ct);

    /// <summary>The same for anybody's feed: for the operator.</summary>
    public Task<WhyView> WhyAsync(string person, string post, CancellationToken ct) =>
        AskAsync(Get($"/v1/admin/people/{person}/feed/why/{post}"), WireJson.Wire.WhyView, ct);
}
