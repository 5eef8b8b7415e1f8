using Tidings.Affinity;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.People;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class AffinityContract : Contract
{
    [Theory]
    [InlineData(Encounter.ProfileView, 1, 60)]
    [InlineData(Encounter.Message, 10, 10)]
    public async Task An_encounter_counts_once_in_its_gap_however_often_it_is_sent(Encounter encounter, double weight, int gapMinutes)
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var counted = await RaceAsync(50, async _ => (await Ports.Affinity.MeetAsync(ada, bob, encounter, Ct)).Value);
        Assert.Single(counted, true);
        Assert.Equal(weight, await ScoreAsync(ada, bob), 4);
        Assert.Equal(0, await ScoreAsync(bob, ada));

        Clock.Advance(TimeSpan.FromMinutes(gapMinutes - 1));
        Assert.False((await Ports.Affinity.MeetAsync(ada, bob, encounter, Ct)).Value);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await Ports.Affinity.MeetAsync(ada, bob, encounter, Ct)).Value);
    }

    [Fact]
    public async Task The_gap_is_for_each_kind_and_each_pair()
    {
        var (ada, bob, eve) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        Assert.True((await Ports.Affinity.MeetAsync(ada, bob, Encounter.ProfileView, Ct)).Value);
        Assert.True((await Ports.Affinity.MeetAsync(ada, bob, Encounter.Message, Ct)).Value);
        Assert.True((await Ports.Affinity.MeetAsync(ada, eve, Encounter.ProfileView, Ct)).Value);
        Assert.True((await Ports.Affinity.MeetAsync(bob, ada, Encounter.ProfileView, Ct)).Value);
        Assert.Equal(11, await ScoreAsync(ada, bob), 4);
    }

    [Fact]
    public async Task What_counts_is_in_the_log_and_what_does_not_is_not()
    {
        var (ada, bob) = (await JoinAsync(), await JoinAsync());
        var before = await Ports.EndAsync(Ct);
        for (var i = 0; i < 3; i++)
        {
            await Ports.Affinity.MeetAsync(ada, bob, Encounter.ProfileView, Ct);
            await Ports.Affinity.MeetAsync(ada, bob, Encounter.Message, Ct);
        }
        var events = new Event[10];
        await Ports.Settle(Ct);
        var count = await Ports.Events.ReadAsync(before, events, Ct);
        Assert.Equal([(EventKind.ProfileViewed, ada, bob), (EventKind.Messaged, ada, bob)], events[..count].Select(e => (e.Kind, e.Actor, e.Other)));
    }

    [Fact]
    public async Task Nobody_meets_themselves_or_someone_who_is_not_there()
    {
        var ada = await JoinAsync();
        foreach (var (actor, other) in new[] { (ada, ada), (ada, new UserId(99)), (new UserId(99), ada), (ada, new UserId((1L << 32) + 1)) })
            Assert.Equal("person_not_found", (await Ports.Affinity.MeetAsync(actor, other, Encounter.Message, Ct)).Rejection!.Code);
        Assert.Equal(0, await Ports.Affinity.TopAsync(new UserId(99), NowUnixMs, new AffinityScore[5], Ct));
    }

    [Fact]
    public async Task The_top_is_sorted_capped_and_kept_in_order_by_time()
    {
        var people = await JoinManyAsync(6);
        var reader = people[0];
        for (var i = 1; i < 6; i++)
        {
            var post = await PublishAsync(people[i]);
            for (var n = 0; n < i; n++)
                await Ports.Engagement.CommentAsync(reader, post, "x", null, Ct);
        }
        var favourite = await PublishAsync(people[1]);
        for (var n = 0; n < 40; n++)
            await Ports.Engagement.CommentAsync(reader, favourite, "x", null, Ct);

        UserId[] expected = [people[1], people[5], people[4], people[3], people[2]];
        Assert.Equal(expected, await TopAsync(reader, 10));
        Assert.Equal(expected[..2], await TopAsync(reader, 2));
        Assert.Equal(ForwardDecay.ScoreMax, await ScoreAsync(reader, people[1]), 3);
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(expected, await TopAsync(reader, 10));
    }

    private async Task<UserId[]> TopAsync(UserId reader, int max)
    {
        var into = new AffinityScore[max];
        await Ports.Settle(Ct);
        var count = await Ports.Affinity.TopAsync(reader, NowUnixMs, into, Ct);
        Assert.Equal(into[..count].Select(one => one.Score).OrderDescending(), into[..count].Select(one => one.Score));
        return Array.ConvertAll(into[..count], one => one.Person);
    }

    private async Task<double> ScoreAsync(UserId reader, UserId author)
    {
        var into = new float[1];
        await Ports.Settle(Ct);
        await Ports.Affinity.ScoresAsync(reader, new[] { author }, NowUnixMs, into, Ct);
        return into[0];
    }
}
