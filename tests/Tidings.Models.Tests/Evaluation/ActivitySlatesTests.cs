using Tidings.Import;
using Tidings.Models.Evaluation;
using Xunit;

namespace Tidings.Models.Tests.Evaluation;

public sealed class ActivitySlatesTests
{
    private const long Noon = 1_341_144_000;

    private static ActivityLine Line(ulong actor, ulong target, long seconds, ActivityKind kind = ActivityKind.Retweet) =>
        new(0, actor, target, Noon + seconds, kind);

    [Fact]
    public void A_slate_holds_what_was_known_before_its_event_and_nothing_else()
    {
        // 2 and 3 each have a post by others; 1 retweeted 2 before, then both are in the feed of 1 when 1 retweets 2 again.
        ActivityLine[] log =
        [
            Line(8, 2, 0), Line(1, 2, 10), Line(8, 3, 20), Line(9, 3, 25), Line(1, 3, 30, ActivityKind.Mention), Line(1, 2, 40), Line(1, 2, 50, ActivityKind.Reply),
        ];
        var slates = new ActivitySlates(log, TieSource.Grown, [], new ActivityOptions()).Walk().ToList();
        Assert.Equal(2, slates.Count);
        Assert.Equal([2, 2], slates.Select(s => s.Count));
        // Newest first: the post of 3, then that of 2, which came to something.
        Assert.Equal([Outcome.None, Outcome.Share], slates[0].Outcomes);
        Assert.Equal([Outcome.None, Outcome.Comment], slates[1].Outcomes);
        Assert.Equal([2, 2], slates[0].Facts.Select(f => f.Counts.Shares));
        Assert.Equal(3, slates[1].Facts[1].Counts.Shares);
        Assert.Equal(8f, slates[0].Facts[1].Affinity, 0.01f);
        Assert.Equal(16f, slates[1].Facts[1].Affinity, 0.01f);
    }

    [Fact]
    public void Events_that_would_give_themselves_away_are_left_out_and_counted()
    {
        ActivityLine[] log = [Line(1, 1, 0), Line(1, 2, 10), Line(8, 2, 20), Line(1, 2, 30), Line(1, 2, 4_000)];
        var slates = new ActivitySlates(log, TieSource.Given, [new EdgeLine(1, 1, 2), new EdgeLine(2, 1, 1)], new ActivityOptions());
        // 1 follows 2: first of its hour; the one post alone, which is no choice; the first of the next hour. 8 follows nobody.
        Assert.Empty(slates.Walk());
        Assert.Equal((1, 1, 2, 1), slates.LeftOut);
    }
}
