using Tidings.Client;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Live;

internal static class LiveSteps
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<string> PostAsync(Someone author, Audience audience = Audience.Public, string? list = null) =>
        (await author.Client.PublishAsync(new PublishRequest("hello", Audience: audience, AudienceList: list), null, Ct)).Id;

    /// <summary>Open, and greeted.</summary>
    public static async Task<LiveUpdates> OpenAsync(Someone reader)
    {
        var live = await reader.Client.OpenLiveAsync(null, Ct);
        var hello = await NextAsync(live);
        Assert.Equal(("hello", 1, false), (hello.Type, hello.Version, hello.Resumed));
        return live;
    }

    /// <summary>Watches a post that nobody has engaged with. From here on its counters are told.</summary>
    public static async Task WatchAsync(LiveUpdates live, string post)
    {
        await live.WatchAsync([post], Ct);
        var frame = await NextAsync(live);
        Assert.Equal(("counters", post, 0, 0, 0), (frame.Type, frame.Post, frame.Likes, frame.Comments, frame.Shares));
    }

    public static async Task<LiveFrameView> NextAsync(LiveUpdates live)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        return await live.NextAsync(patience.Token) ?? throw new InvalidOperationException($"It was closed: {live.CloseStatus} {live.CloseReason}");
    }
}
