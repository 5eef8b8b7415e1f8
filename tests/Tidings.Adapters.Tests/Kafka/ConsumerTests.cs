using System.Text;
using Tidings.Events;
using Tidings.Kafka.Consuming;
using Tidings.Kafka.Payloads;
using Tidings.Kafka.Topics;
using Xunit;

namespace Tidings.Adapters.Tests.Kafka;

public sealed class ConsumerTests(KafkaCluster cluster) : KafkaScene(cluster)
{
    [Fact]
    public async Task Every_event_is_applied_once_and_those_of_a_key_in_order()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var effects = new NotedEffects();

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);

        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.Equal(ByKey(events), ByKey(effects.Applied));
    }

    [Fact]
    public async Task An_effect_whose_offset_was_not_stored_is_not_made_again()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var effects = new NotedEffects();
        var failed = new HashSet<long>();
        // Applied, and the answer lost: once for every tenth event.
        effects.After = happened =>
        {
            if (happened.Position % 10 == 0 && failed.Add(happened.Position))
                throw new TimeoutException("The answer was lost.");
        };

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);

        Assert.NotEmpty(failed);
        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.Empty(Read(options, EventTopics.DeadLettersOf(EventTopics.Posts), 1));
    }

    [Fact]
    public async Task An_event_that_always_fails_becomes_a_dead_letter_and_the_rest_goes_on()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync());
        await RelayAsync(options);
        var poison = events.First(happened => happened.Kind == EventKind.PostPublished);
        var effects = new NotedEffects
        {
            Before = happened =>
            {
                if (happened == poison)
                    throw new InvalidOperationException("I don't like it.");
            },
        };

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length - 1, Ct);

        Assert.Equal(events.Where(happened => happened != poison), effects.Applied.OrderBy(happened => happened.Position));
        Assert.Equal(ByKey(events.Where(happened => happened != poison)), ByKey(effects.Applied));
        var letter = Assert.Single(Read(options, EventTopics.DeadLettersOf(EventTopics.Posts), 1));
        Assert.Equal(poison, EventJson.Read(letter.Message.Value));
        Assert.Equal(EventTopics.KeyBytes(poison.Actor), letter.Message.Key);
        Assert.Equal("InvalidOperationException: I don't like it.", Header(letter, "dead-letter-reason"));
        Assert.Equal(("3", "tests"), (Header(letter, "dead-letter-tries"), Header(letter, "dead-letter-group")));
        Assert.Equal(options.TopicPrefix + EventTopics.Posts, Header(letter, "dead-letter-topic"));
    }

    [Fact]
    public async Task What_is_no_event_is_put_aside_at_once_and_what_is_behind_it_is_applied()
    {
        var options = await TopicsAsync();
        var ada = await JoinAsync();
        await ProduceAsync(options, EventTopics.Graph, ada, "{\"v\":9}"u8.ToArray());
        await RelayAsync(options);
        var effects = new NotedEffects();

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(1, Ct);

        Assert.Equal(ada, Assert.Single(effects.Applied).Actor);
        var letter = Assert.Single(Read(options, EventTopics.DeadLettersOf(EventTopics.Graph), 1));
        Assert.Equal("{\"v\":9}", Encoding.UTF8.GetString(letter.Message.Value));
        Assert.StartsWith("MalformedEventException: v is 9", Header(letter, "dead-letter-reason"), StringComparison.Ordinal);
        Assert.Equal("0", Header(letter, "dead-letter-tries"));
    }

    [Fact]
    public async Task While_the_effects_are_away_nothing_is_put_aside_and_afterwards_nothing_is_missing()
    {
        var (options, events) = (await TopicsAsync(), await LiveAsync(5));
        await RelayAsync(options);
        var effects = new NotedEffects { Before = _ => throw new EffectsAwayException("The database is down.") };
        // One consumer ends meanwhile: what it couldn't apply is the next one's.
        await using (Running.Start(Consumer(options, effects).RunAsync))
            await UntilAsync(() => effects.Offered.GroupBy(happened => happened).Any(tries => tries.Count() > 2 * options.TriesMax));
        var left = 40;
        effects.Before = _ =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
                throw new EffectsAwayException("The database is down.");
        };

        await using (Running.Start(Consumer(options, effects).RunAsync))
            await effects.UntilAsync(events.Length, Ct);

        Assert.Equal(events, effects.Applied.OrderBy(happened => happened.Position));
        Assert.All(EventTopics.All, topic => Assert.Empty(Read(options, EventTopics.DeadLettersOf(topic), 1)));
    }
}
