using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Tidings.Server.Vitals;
using Xunit;

namespace Tidings.Server.Tests.Vitals;

public sealed class InstrumentsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Histogram<double> _requests;
    private readonly Instruments _measured;

    public InstrumentsTests()
    {
        _requests = Factory.Create("Microsoft.AspNetCore.Hosting").CreateHistogram<double>("http.server.request.duration");
        _measured = new Instruments(Factory);
    }

    private IMeterFactory Factory => _services.GetRequiredService<IMeterFactory>();

    public void Dispose()
    {
        _measured.Dispose();
        _services.Dispose();
    }

    /// <summary>As the web host tells of a request.</summary>
    private void Answer(string method, string route, int status, double seconds = 0.001) => _requests.Record(
        seconds, new("http.request.method", method), new("http.response.status_code", status), new("http.route", route));

    private static int Taken(LatencyBuckets buckets) => buckets.Take(new int[LatencyBuckets.Count]);

    [Fact]
    public void Requests_are_counted_by_how_they_were_answered()
    {
        foreach (var status in new[] { 200, 201, 204, 304, 400, 401, 404, 409, 429, 429, 500, 503 })
            Answer("GET", "/v1/feed", status);
        Assert.Equal((12, 4, 2, 2), _measured.Requests.Take());
        Assert.Equal((0, 0, 0, 0), _measured.Requests.Take());
    }

    [Fact]
    public void Publishing_is_what_made_a_post_and_how_long_a_live_connection_lasts_is_no_latency()
    {
        Answer("POST", "/v1/posts", 201);
        Answer("POST", "/v1/posts", 400);
        Answer("POST", "/v1/posts/{id}/comments", 201);
        Answer("GET", "/v1/live/events", 200, seconds: 300);
        Assert.Equal((1, 3), (Taken(_measured.Requests.Published), Taken(_measured.Requests.All)));
        Assert.Equal(4, _measured.Requests.Take().Count);
    }

    [Fact]
    public void What_happens_in_another_server_of_the_process_is_not_counted_here()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("Microsoft.AspNetCore.Hosting").CreateHistogram<double>("http.server.request.duration")
            .Record(1, new("http.response.status_code", 200), new("http.route", "/v1/feed"));
        Assert.Equal(0, _measured.Requests.Take().Count);
    }

    [Fact]
    public void Listening_makes_no_garbage()
    {
        object ok = 200;
        KeyValuePair<string, object?>[] tags = [new("http.request.method", "GET"), new("http.response.status_code", ok), new("http.route", "/v1/feed")];
        _requests.Record(0.001, tags);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            _requests.Record(0.001, tags);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_001, _measured.Requests.Take().Count);
    }
}
