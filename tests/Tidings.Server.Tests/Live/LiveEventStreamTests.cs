using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Live;

public sealed class LiveEventStreamTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<Reading> OpenAsync(Someone reader, string query = "", string? lastEventId = null)
    {
        using var request = reader.Client.Request(HttpMethod.Get, $"/v1/live/events{query}");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var answer = await reader.Client.SendAsync(request, Ct);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Ct)).EnumerateAsync(Ct).GetAsyncEnumerator(Ct);
        return new Reading(answer, events);
    }

    private sealed record Reading(HttpResponseMessage Answer, IAsyncEnumerator<SseItem<string>> Events) : IAsyncDisposable
    {
        public async Task<LiveFrameView> NextAsync()
        {
            Assert.True(await Events.MoveNextAsync());
            var frame = JsonSerializer.Deserialize(Events.Current.Data, WireJson.Wire.LiveFrameView)!;
            Assert.Equal(frame.Seq.ToString(CultureInfo.InvariantCulture), Events.Current.EventId);
            Assert.Equal("message", Events.Current.EventType);
            return frame;
        }

        public ValueTask DisposeAsync()
        {
            Answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task The_same_frames_come_as_events_and_a_browser_resumes_by_itself()
    {
        var (author, reader) = (await server.JoinAsync("author"), await server.JoinAsync("reader"));
        await reader.Client.FollowAsync(author.Id, Ct);
        string id;
        await using (var live = await OpenAsync(reader))
        {
            Assert.Equal("hello", (await live.NextAsync()).Type);
            var post = await LiveSteps.PostAsync(author);
            var posted = await live.NextAsync();
            Assert.Equal(("posted", post, author.Id), (posted.Type, posted.Post, posted.Author));
            id = live.Events.Current.EventId!;
        }
        var missed = await LiveSteps.PostAsync(author);
        await server.SettledAsync();
        await using var again = await OpenAsync(reader, lastEventId: id);
        Assert.True((await again.NextAsync()).Resumed);
        Assert.Equal(missed, (await again.NextAsync()).Post);
    }

    [Fact]
    public async Task What_is_watched_stands_in_the_address()
    {
        var (author, reader) = (await server.JoinAsync("author"), await server.JoinAsync("reader"));
        var post = await LiveSteps.PostAsync(author);
        await server.SettledAsync();
        await using var live = await OpenAsync(reader, $"?watch={post},1");
        Assert.Equal("hello", (await live.NextAsync()).Type);
        Assert.Equal(("gone", "1"), ((await live.NextAsync()) is var gone ? gone.Type : "", gone.Post));
        var before = await live.NextAsync();
        Assert.Equal(("counters", post, 0), (before.Type, before.Post, before.Likes));
        await author.Client.LikeAsync(post, Ct);
        var counters = await live.NextAsync();
        Assert.Equal(("counters", post, 1), (counters.Type, counters.Post, counters.Likes));
    }

    [Fact]
    public async Task Signing_out_ends_the_stream()
    {
        var reader = await server.JoinAsync("reader");
        await using var live = await OpenAsync(reader);
        Assert.Equal("hello", (await live.NextAsync()).Type);
        await reader.Client.SignOutAsync(Ct);
        Assert.Equal("signed_out", (await live.NextAsync()).Reason);
        Assert.False(await live.Events.MoveNextAsync());
    }
}
