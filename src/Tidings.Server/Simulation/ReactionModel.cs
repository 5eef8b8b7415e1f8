using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>
/// Who reacts to a post, how and when. A follower reacts with a probability that is the product of
/// · the tie: 1 for one who follows, 2 where both follow each other, 4 for friends;
/// · the topic: 1.5 where it is that of the follower's community, else 0.6;
/// · the post's quality, log-normal with median 1, or next to nothing for chatter;
/// · the author's quality, and what this follower makes of this author: 1, unless the network's character says otherwise;
/// · the follower's own liveliness, log-normal with median 1;
/// scaled so that an average post of the usual network gets as many reactions as the options say, 2,000 at most. The delay is log-normal with a median of
/// 40 minutes, pushed out of the night, and 3 days at most: a post is forgotten as it ages. Friends comment more, strangers to the topic hide
/// more, and authors answer half of their comments. What <see cref="NetworkCharacter"/> names is drawn from there.
/// </summary>
internal sealed class ReactionModel(SimulationOptions options, SimulatedGraph graph, double meanFollowersOfAPost)
{
    private const double TieMax = 4, TopicMax = 1.5, LivelinessMax = 6;
    private const double MeanFactor = 3.4;
    private const double QualityMax = 8, AuthorMax = 6, LikingMax = 6, LivelinessSigma = 0.8;
    private const double ChatterQuality = 0.05;
    private const int ReactionsMax = 2_000;
    public const long DelayMaxMs = 3 * 86_400_000L;

    private readonly NetworkCharacter _character = options.Character;
    private readonly double _delayMedianMs = options.Character.DelayMedianMinutes * 60_000;
    private readonly double _base = options.ReactionsPerPost / (MeanFactor * Math.Max(1, meanFollowersOfAPost));

    /// <summary>In no order.</summary>
    /// <param name="salt">Tells two streams of one network apart.</param>
    public IEnumerable<SimulatedAction> To(SimulatedAction post, long salt)
    {
        var random = new SimRandom(options.Seed ^ (ulong)salt, Draw.Reaction, post.Post);
        var quality = Quality(ref random, post.Author);
        var followers = graph.Followers(post.Author).Length;
        var scale = Math.Min(_base * quality, (double)ReactionsMax / Math.Max(1, followers));
        var highest = Math.Min(0.95, scale * Math.Pow(TieMax, _character.TieExponent) * Math.Pow(TopicMax, _character.TopicExponent) * LivelinessMax
            * (_character.LikingSigma > 0 ? LikingMax : 1));
        if (highest <= 0)
            yield break;

        // Followers that would be drawn with the highest probability are found by the gaps between them: the cost is that of the reactions
        // and not of the followers.
        var gap = -1 / Math.Log(1 - highest);
        for (var i = Skip(ref random, gap); i < followers; i += 1 + Skip(ref random, gap))
        {
            var reader = graph.Followers(post.Author)[(int)i];
            if (!random.Chance(scale * Inclination(post, reader) / highest))
                continue;
            if (When(ref random, post.UnixMs, _delayMedianMs) is not { } time)
                continue;
            var kind = Kind(ref random, post, reader);
            yield return Reaction(kind, time, reader, post);
            if (kind == ActionKind.Comment && random.Chance(0.3))
                yield return Reaction(ActionKind.Like, time + 5_000, reader, post);
            if (kind == ActionKind.Comment && random.Chance(0.5) && When(ref random, time, _delayMedianMs / 2) is { } answered)
                yield return Reaction(ActionKind.Comment, answered, post.Author, post);
        }
    }

    private static long Skip(ref SimRandom random, double gap) => (long)Math.Min(int.MaxValue, random.Exponential(gap));

    private double Quality(ref SimRandom random, int author)
    {
        if (_character.Chatter > 0 && random.Chance(_character.Chatter))
            return ChatterQuality;
        var quality = Math.Min(QualityMax, random.LogNormal(1, _character.QualitySigma));
        return _character.AuthorSigma > 0
            ? quality * Math.Min(AuthorMax, new SimRandom(options.Seed, Draw.Person, author, 4).LogNormal(1, _character.AuthorSigma))
            : quality;
    }

    private double Inclination(in SimulatedAction post, int reader)
    {
        var friends = graph.AreFriends(reader, post.Author);
        if (post.Audience == Audience.Friends && !friends)
            return 0;
        var tie = friends ? TieMax : graph.Follow(post.Author, reader) ? 2 : 1;
        var topic = Topics.Of(graph.Community(reader)) == post.Topic ? TopicMax : 0.6;
        var own = new SimRandom(options.Seed, Draw.Person, reader, 3).LogNormal(1, LivelinessSigma);
        return Math.Pow(tie, _character.TieExponent) * Math.Pow(topic, _character.TopicExponent) * Math.Min(LivelinessMax, own) * Liking(reader, post.Author);
    }

    /// <summary>Log-normal with mean 1.</summary>
    private double Liking(int reader, int author)
    {
        var sigma = _character.LikingSigma;
        return sigma > 0 ? Math.Min(LikingMax, new SimRandom(options.Seed, Draw.Liking, reader, author).LogNormal(Math.Exp(-sigma * sigma / 2), sigma)) : 1;
    }

    private ActionKind Kind(ref SimRandom random, in SimulatedAction post, int reader)
    {
        var comments = graph.AreFriends(reader, post.Author) ? 0.3 * _character.Comments : 0.14 * _character.Comments;
        var hides = Topics.Of(graph.Community(reader)) == post.Topic ? 0.005 * _character.Hides : 0.05 * _character.Hides;
        var drawn = random.Unit();
        if (drawn < comments) return ActionKind.Comment;
        if (drawn < comments + hides) return ActionKind.Hide;
        return drawn < comments + hides + _character.Shares ? ActionKind.Share : ActionKind.Like;
    }

    /// <returns>Null for later than anyone looks.</returns>
    private long? When(ref SimRandom random, long fromUnixMs, double medianMs)
    {
        var delay = random.LogNormal(medianMs, _character.DelaySigma);
        for (var tries = 0; tries < 6 && delay < DelayMaxMs; tries++)
        {
            if (random.Chance(Rhythm.At(fromUnixMs + (long)delay, _character.Night)))
                return fromUnixMs + 1_000 + (long)delay;
            delay += 3_600_000 * (0.5 + 2 * random.Unit());
        }
        return null;
    }

    private static SimulatedAction Reaction(ActionKind kind, long unixMs, int reader, in SimulatedAction post) =>
        post with { Kind = kind, UnixMs = unixMs, Actor = reader };
}
