using System.Net;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Server.Tests.Faults;
using Xunit;
using DataFolder = Tidings.Server.Tests.Simulation.DataFolder;

namespace Tidings.Server.Tests.Vitals;

public sealed class VitalsTests
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    /// <summary>In a process of its own: several servers in one would share their meters.</summary>
    [Fact]
    public async Task What_happens_is_in_the_samples_once()
    {
        using var folder = new DataFolder();
        await using var server = await ServerProcess.ReadyAsync(folder.Path, "--free-mib", "0", "--writes-per-minute", "8");
        var admin = server.Client(await server.AdminKeyAsync());
        var key = await admin.MakeKeyAsync("backend", Ct);
        var (ana, bob) = (await JoinAsync("ana"), await JoinAsync("bob"));
        var before = (await admin.VitalsAsync(null, Ct)).Seq;

        await bob.Client.FollowAsync(ana.Id, Ct);
        await bob.Client.FeedAsync(null, null, null, Ct);
        var post = await ana.Client.PublishAsync(new PublishRequest("a"), null, Ct);
        await ana.Client.PublishAsync(new PublishRequest("b"), null, Ct);
        await RunningServer.UntilAsync(async () => (await bob.Client.FeedAsync("latest", null, null, Ct)).Items.Count == 2);
        await bob.Client.LikeAsync(post.Id, Ct);
        await bob.Client.CommentAsync(post.Id, "hm", null, Ct);
        await bob.Client.UnlikeAsync(post.Id, Ct);
        Assert.Equal(404, await bob.Client.StatusAsync("GET", "/v1/posts/1"));
        var limited = 0;
        while (await bob.Client.StatusAsync("DELETE", $"/v1/posts/{post.Id}/share") == 429 ? limited++ == 0 : limited == 0)
        {
        }

        var samples = new List<VitalsSampleView>();
        await RunningServer.UntilAsync(async () =>
        {
            var vitals = await admin.VitalsAsync(samples.LastOrDefault()?.Seq ?? before, Ct);
            samples.AddRange(vitals.Samples);
            Assert.Equal(900, vitals.KeptMax);
            return samples.Sum(sample => sample.Counts.Limited) == limited;
        });
        Assert.Equal(Enumerable.Range(1, samples.Count).Select(i => before + i), samples.Select(sample => sample.Seq));
        long Sum(Func<VitalsSampleView, long> count) => samples.Sum(count);
        Assert.Equal((2, 2, 2, 1), (Sum(s => s.Counts.Posts), Sum(s => s.Counts.Engagements), Sum(s => s.Counts.Deliveries), Sum(s => s.Counts.FeedsRanked)));
        Assert.Equal((1, 0, 2), (Sum(s => s.Counts.Rebuilds), Sum(s => s.Counts.Failed), Sum(s => s.FanOut.Lag.Count)));
        Assert.Equal(1, Sum(s => s.Counts.Refused));
        Assert.Equal((2, Sum(s => s.Counts.Requests)), (Sum(s => s.Latency.Publish.Count), Sum(s => s.Latency.Http.Count)));
        var reads = Sum(s => s.Counts.FeedsLatest) + 1;
        Assert.Equal((reads, reads), (Sum(s => s.Latency.Feed.Count), Sum(s => s.Quality.Full)));
        Assert.All(samples.Where(s => s.Latency.Http.Count > 0), s => Assert.True(s.Latency.Http.P50Ms <= s.Latency.Http.P99Ms && s.Latency.Http.P99Ms <= s.Latency.Http.MaxMs));
        Assert.True(Sum(s => s.Caches.Single(cache => cache.Name == "sessions").Hits) > 0);
        AssertStands(samples[^1]);

        async Task<Someone> JoinAsync(string name)
        {
            var person = await admin.AddPersonAsync(new NewPersonRequest(name, name), Ct);
            return new Someone(person.Id, name, name, key.Key, server.Client(key.Key, person.Id));
        }
    }

    private static void AssertStands(VitalsSampleView last)
    {
        Assert.Equal((2, 1, 2), (last.Memory.HotPosts, last.Memory.Inboxes, last.Memory.InboxEntries));
        Assert.True(last.Memory is { InboxBytes: > 0, TimelineBytes: > 0 } && last.Memory.InboxLimitBytes > last.Memory.InboxBytes);
        Assert.True(last.Process is { ResidentBytes: > 10_000_000, GcHeapBytes: > 100_000, Cores: > 0, PoolThreads: > 0 });
        Assert.InRange(last.Process.GcPause, 0, 1);
        Assert.Equal([10, 100, 1_000, 10_000, null], last.FanOut.Waiting.Select(waiting => waiting.UnderMs));
        Assert.Null(last.ModelServer);
        Assert.Equal(["posts", "sessions", "bodies", "people"], last.Caches.Select(cache => cache.Name));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("")]
    public async Task A_number_is_asked_for(string after)
    {
        await using var server = new RunningServer();
        await server.InitializeAsync();
        var problem = await server.Admin.SendAsync("GET", $"/v1/admin/vitals?after={after}").ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("after", Assert.Single(problem.Errors!).Field);
    }
}
