using System.Net.Http.Headers;
using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>The model that ranks: for the operator.</summary>
public sealed partial class TidingsClient
{
    public Task<ModelView> ModelAsync(CancellationToken ct) => AskAsync(Get("/v1/admin/model"), WireJson.Wire.ModelView, ct);

    /// <param name="file">ONNX, LightGBM text or XGBoost JSON.</param>
    public Task<ModelView> PutModelAsync(byte[] file, string name, CancellationToken ct) =>
        AskAsync(WithFile(Put($"/v1/admin/model?name={Uri.EscapeDataString(name)}"), file), WireJson.Wire.ModelView, ct);

    public Task<ModelView> RollBackModelAsync(CancellationToken ct) =>
        AskAsync(Request(HttpMethod.Post, "/v1/admin/model/rollback"), WireJson.Wire.ModelView, ct);

    /// <param name="every">Each so many batches the shadow scores one.</param>
    public Task<ModelView> PutShadowAsync(byte[] file, string name, int every, CancellationToken ct) =>
        AskAsync(WithFile(Put(FormattableString.Invariant($"/v1/admin/model/shadow?name={Uri.EscapeDataString(name)}&every={every}")), file), WireJson.Wire.ModelView, ct);

    public Task DropShadowAsync(CancellationToken ct) => DoAsync(Delete("/v1/admin/model/shadow"), ct);

    private static HttpRequestMessage WithFile(HttpRequestMessage request, byte[] file)
    {
        request.Content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        return request;
    }
}
