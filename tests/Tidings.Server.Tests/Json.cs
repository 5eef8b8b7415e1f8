using System.Net;
using System.Text;
using System.Text.Json;
using Tidings.Client;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests;

/// <summary>Requests as written by hand, and answers as they come.</summary>
internal static class Json
{
    public static async Task<HttpResponseMessage> SendAsync(
        this TidingsClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = client.Request(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await client.SendAsync(request, CancellationToken.None);
    }

    public static async Task<int> StatusAsync(
        this TidingsClient client, string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await client.SendAsync(method, path, body, headers);
        return (int)answer.StatusCode;
    }

    /// <summary>The problem that the answer is, with all that every problem has.</summary>
    public static async Task<Problem> ProblemAsync(this Task<HttpResponseMessage> sent, HttpStatusCode status)
    {
        using var answer = await sent;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(text, WireJson.Wire.Problem)!;
        Assert.Equal((int)status, problem.Status);
        Assert.Equal("about:blank", problem.Type);
        Assert.NotEmpty(problem.Title);
        Assert.NotEmpty(problem.Detail);
        Assert.Matches("^[a-z_]+$", problem.Code);
        Assert.NotEmpty(problem.TraceId);
        return problem;
    }

    public static async Task<string> TextAsync(this Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        return await answer.Content.ReadAsStringAsync();
    }
}
