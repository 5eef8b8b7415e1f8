using Tidings.Embedded;
using Tidings.Engagement;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Bench.Worlds;

/// <summary>The use cases over an embedded record, composed as the server does it.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private Engine(EmbeddedProfile profile, IInboxes deliverTo)
    {
        var p = Profile = profile;
        FanOut = new FanOutWorker(p.Events, p.Graph, deliverTo, p.Presence, p.Modes, new FanOutPolicy(), TimeProvider.System, p.Events.End);
        Publish = new PublishPost(p.Posts);
        var see = new SeePosts(p.Posts, p.Graph, p.Audiences);
        Mark = new MarkPost(see, p.Engagement);
        Comment = new CommentOnPost(see, p.Engagement);
        ReadFeed = new ReadFeed(
            p.Inboxes, p.Posts, p.Graph, p.Audiences, p.Engagement, p.Affinity, p.SeenPosts, p.Modes, p.Snapshots,
            new FeedCursors(p.CursorKey, TimeProvider.System), Plans, SlateSampler.Off, new Exposures(), TimeProvider.System);
    }

    public EmbeddedProfile Profile { get; }
    public RankingPlans Plans { get; } = new(RankingProfile.Default);
    public FanOutWorker FanOut { get; }
    public PublishPost Publish { get; }
    public MarkPost Mark { get; }
    public CommentOnPost Comment { get; }
    public ReadFeed ReadFeed { get; }

    /// <param name="watch">What fan-out delivers through, where deliveries are to be watched.</param>
    public static async Task<Engine> OpenAsync(EmbeddedOptions options, Func<IInboxes, IInboxes>? watch = null)
    {
        var profile = await EmbeddedProfile.OpenAsync(options, TimeProvider.System, null, CancellationToken.None);
        return new Engine(profile, watch is null ? profile.Inboxes : watch(profile.Inboxes));
    }

    /// <summary>Whether everything that was committed is delivered.</summary>
    public bool IsFanOutDone => FanOut.Position == Profile.Events.End && FanOut.Waiting == 0;

    public async Task DrainFanOutAsync()
    {
        while (await FanOut.StepAsync(CancellationToken.None) || !IsFanOutDone)
        {
        }
    }

    public ValueTask DisposeAsync() => Profile.DisposeAsync();
}
