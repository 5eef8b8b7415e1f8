using Tidings.Kafka.Relaying;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

public sealed class OutageTests(KafkaCluster cluster) : KafkaScene(cluster)
{
    [Fact]
    public async Task Brokers_that_go_away_for_a_while_delay_events_and_lose_none()
    {
        Assert.SkipWhen(KafkaCluster.Named is not null, "This test takes its brokers away: it uses those in memory only.");
        using var own = new KafkaCluster();
        var options = await own.MakeAsync();
        options.Connection = new Dictionary<string, string>(options.Connection) { ["reconnect.backoff.max.ms"] = "200" };
        using var position = new RelayPositionTopic(options);
        var relay = new EventRelay(Ports.Events, position, options, TimeProvider.System);
        var effects = new NotedEffects();
        await using var relaying = Running.Start(relay.RunAsync);
        var consumer = Consumer(options, effects);
        await using var consuming = Running.Start(consumer.RunAsync);
        var ada = await JoinAsync();
        await effects.UntilAsync(1, Ct);

        own.Away(true);
        for (var i = 0; i < 20; i++)
            await PublishAsync(ada);
        await UntilAsync(() => relay.Trouble is not null && consumer.Trouble is not null);
        own.Away(false);

        await effects.UntilAsync(21, Ct);
        Assert.Equal(await EventsAsync(), effects.Applied.OrderBy(happened => happened.Position));
        await UntilAsync(() => relay.Trouble is null);
    }
}
