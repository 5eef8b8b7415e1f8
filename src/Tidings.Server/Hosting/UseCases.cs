using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.PersonalData;
using Tidings.Posts;
using Tidings.Ranking;
using SessionOptions = Tidings.People.SessionOptions;

namespace Tidings.Server.Hosting;

internal static class UseCases
{
    /// <summary>What people can do, and the fan-out. They need the ports.</summary>
    public static IServiceCollection AddTidings(this IServiceCollection services, ServeOptions options) => services
        .AddSingleton(new SessionOptions { Lifetime = TimeSpan.FromMinutes(options.SessionMinutes) })
        .AddSingleton<SignUp>()
        .AddSingleton<SignIn>()
        .AddSingleton<ChangeTie>()
        .AddSingleton<PublishPost>()
        .AddSingleton<EditPost>()
        .AddSingleton<SeePosts>()
        .AddSingleton<SeePeople>()
        .AddSingleton<MarkPost>()
        .AddSingleton<CommentOnPost>()
        .AddSingleton<ReadEngagement>()
        .AddSingleton(new RankingPlans(RankingPresets.All.GetValueOrDefault(options.Ranking, RankingProfile.Default)))
        .AddSingleton(new SlateSampler(options.SlateSample / 10_000.0))
        .AddSingleton<JoinOutcomes>()
        .AddSingleton<Exposures>()
        .AddSingleton<ChangeRanking>()
        .AddSingleton<RunExperiments>()
        .AddSingleton<MeetPerson>()
        .AddSingleton<ReadAffinity>()
        .AddSingleton<ReadFeed>()
        .AddSingleton<PopularPosts>()
        .AddSingleton<ErasePerson>()
        .AddSingleton<ReportImpressions>()
        .AddSingleton<WhoIsTold>()
        .AddSingleton<NotificationWorker>()
        .AddSingleton<ReadNotifications>()
        .AddSingleton(new FanOutPolicy { ThresholdFollowers = options.PullThreshold })
        .AddSingleton<AuthorCosts>()
        // Inboxes are empty at the start and rebuilt by whoever reads: there is nothing to deliver into from before.
        .AddSingleton(s => ActivatorUtilities.CreateInstance<FanOutWorker>(s, s.GetRequiredService<IEventLog>().End));
}
