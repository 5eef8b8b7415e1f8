using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tidings.Bench.Load;

/// <summary>What Kestrel can do on this machine: no routes, no log, nobody to know; a GET answers a fixed body, a POST is read and answered with
/// nothing. Whatever is served over HTTP stays below this.</summary>
internal static class CeilingServer
{
    public const string Verb = "ceiling";

    public static async Task<int> RunAsync(Arguments line)
    {
        var url = line.Text("--url", "http://127.0.0.1:5999");
        var body = new byte[line.Number("--bytes", 20_000, 0, 10_000_000)];
        line.End();
        body.AsSpan().Fill((byte)'x');

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(o => o.AddServerHeader = false);
        await using var app = builder.Build();
        app.Run(http => http.Request.Method == HttpMethods.Post ? SwallowAsync(http) : AnswerAsync(http, body));
        await app.RunAsync();
        return 0;
    }

    private static Task AnswerAsync(HttpContext http, byte[] body)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        return http.Response.BodyWriter.WriteAsync(body, http.RequestAborted).AsTask();
    }

    private static async Task SwallowAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentLength = 0;
    }
}
