using Microsoft.Extensions.Time.Testing;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Live;

public sealed class LiveStopTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_stops_says_goodbye_and_the_next_one_says_resync()
    {
        // While the clock stands nobody is cut off for being slow.
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));
        using var folder = new DataFolder();
        long last;
        string token;
        await using (var server = new RunningServer(clock, o => o, folder))
        {
            await server.InitializeAsync();
            var (author, reader) = (await server.JoinAsync("author"), await server.JoinAsync("reader"));
            token = reader.Token;
            await reader.Client.FollowAsync(author.Id, Ct);
            await using var live = await LiveSteps.OpenAsync(reader);
            await LiveSteps.PostAsync(author);
            Assert.Equal("posted", (await LiveSteps.NextAsync(live)).Type);
            last = live.Last!.Value;

            var stopping = server.Server.StopAsync();
            var bye = await LiveSteps.NextAsync(live);
            Assert.Equal(("bye", "stopping", last), (bye.Type, bye.Reason, bye.Seq));
            Assert.InRange(bye.RetryMs!.Value, 500, 5_000);
            Assert.Null(await live.NextAsync(Ct));
            Assert.Equal(1001, live.CloseStatus);
            await stopping;
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        await using var next = new RunningServer(clock, o => o, folder);
        await next.InitializeAsync();
        await using var again = await next.Anonymous.As(token).OpenLiveAsync(last, Ct);
        Assert.False((await LiveSteps.NextAsync(again)).Resumed);
        var resync = await LiveSteps.NextAsync(again);
        Assert.Equal("resync", resync.Type);
        Assert.True(resync.Seq > last);
    }
}
