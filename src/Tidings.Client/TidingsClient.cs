using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>
/// A typed client of the HTTP interface, one method for each route. It holds a token and the connection that it was given, nothing else: make as
/// many as there are callers over one <see cref="HttpClient"/>, whose base address is the server's.
/// </summary>
/// <param name="token">A session's token, a service key or an admin key; null for nobody.</param>
/// <param name="onBehalfOf">The person for whom a service key acts.</param>
public sealed partial class TidingsClient(HttpClient http, string? token = null, string? onBehalfOf = null)
{
    public const string IdempotencyKeyHeader = "Idempotency-Key", OnBehalfOfHeader = "On-Behalf-Of";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>The same connection for another caller.</summary>
    public TidingsClient As(string? otherToken, string? behalfOf = null) => new(http, otherToken, behalfOf);

    /// <summary>The request as it is sent, for whoever wants to see the whole answer.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (onBehalfOf is not null)
            request.Headers.Add(OnBehalfOfHeader, onBehalfOf);
        return request;
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
        http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    private async Task<T> AskAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using (request)
        {
            using var answer = await SendAsync(request, ct);
            await ThrowIfProblemAsync(answer, ct);
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            return await JsonSerializer.DeserializeAsync(body, type, ct) ?? throw new JsonException("The answer is null.");
        }
    }

    private async Task DoAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using (request)
        {
            using var answer = await SendAsync(request, ct);
            await ThrowIfProblemAsync(answer, ct);
        }
    }

    private HttpRequestMessage Get(string path) => Request(HttpMethod.Get, path);

    private HttpRequestMessage Put(string path) => Request(HttpMethod.Put, path);

    private HttpRequestMessage Put<T>(string path, T body, JsonTypeInfo<T> type) => With(Request(HttpMethod.Put, path), body, type, null);

    private HttpRequestMessage Delete(string path) => Request(HttpMethod.Delete, path);

    private HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type, string? idempotencyKey = null) =>
        With(Request(HttpMethod.Post, path), body, type, idempotencyKey);

    private HttpRequestMessage Patch<T>(string path, T body, JsonTypeInfo<T> type) => With(Request(HttpMethod.Patch, path), body, type, null);

    private static HttpRequestMessage With<T>(HttpRequestMessage request, T body, JsonTypeInfo<T> type, string? idempotencyKey)
    {
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = Json } };
        if (idempotencyKey is not null)
            request.Headers.Add(IdempotencyKeyHeader, idempotencyKey);
        return request;
    }

    private static string Paged(string path, int? limit, string? cursor, string? order = null)
    {
        var query = string.Join('&', new[]
        {
            order is null ? null : $"order={order}",
            limit is null ? null : $"limit={limit}",
            cursor is null ? null : $"cursor={Uri.EscapeDataString(cursor)}",
        }.Where(p => p is not null));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static async Task ThrowIfProblemAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode)
            return;
        Problem? problem = null;
        if (answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            await using var body = await answer.Content.ReadAsStreamAsync(ct);
            problem = await JsonSerializer.DeserializeAsync(body, WireJson.Wire.Problem, ct);
        }
        throw new TidingsException((int)answer.StatusCode, problem, answer.Headers.RetryAfter?.Delta);
    }
}
