using Tidings.Graph;
using Tidings.Import;
using Tidings.Posts;

namespace Tidings.Models.Evaluation;

/// <summary>Who has whom in their feed, in an activity log that doesn't say.</summary>
public enum TieSource
{
    /// <summary>Whom one has retweeted, answered or mentioned before: known at that moment, nothing of what comes after.</summary>
    Grown,
    /// <summary>A follow graph from a file.</summary>
    Given,
}

/// <summary>How slates are made of an activity log.</summary>
public sealed record ActivityOptions
{
    /// <summary>How old a candidate may be, hours. 1 to 720; default 48.</summary>
    public int WindowHours { get; init; } = 48;

    /// <summary>Candidates of a slate, the newest ones. 2 to 10,000; default 500.</summary>
    public int CandidatesMax { get; init; } = 500;

    /// <summary>One candidate for each author, their newest post: authors are ranked and not posts. Default false.</summary>
    public bool Authors { get; init; }
}

/// <summary>
/// Plays an activity log (<see cref="ActivityReader"/>) and makes a slate of each retweet and reply: what the actor's feed could have shown at that moment, and
/// which of it they passed on or answered. The posts are those of <see cref="ActivityPosts"/>, since the log has none: of each target one an hour. Left out are
/// events about which the log says too little: of oneself; of someone whom the actor doesn't follow; and the first one of an hour, since the post is known by
/// that event only, which would give it away. All that a slate holds was known before its event.
/// </summary>
public sealed class ActivitySlates
{
    private readonly IReadOnlyList<ActivityLine> _log;
    private readonly ActivityOptions _options;
    private readonly TieSource _source;
    private readonly Dictionary<ulong, int> _people = [];
    private readonly Dictionary<int, HashSet<int>> _following = [];
    private readonly Dictionary<int, int> _followers = [];
    private readonly ReplayState _state = new();

    /// <param name="log">In order of time.</param>
    /// <param name="follows">Follower and followee; for <see cref="TieSource.Given"/>.</param>
    public ActivitySlates(IReadOnlyList<ActivityLine> log, TieSource source, IEnumerable<EdgeLine> follows, ActivityOptions options)
    {
        (_log, _source, _options) = (log, source, options);
        foreach (var edge in follows)
            Follow(Person(edge.Follower), Person(edge.Followee));
    }

    /// <summary>Events left out: of oneself, of strangers, first ones of an hour, without a choice.</summary>
    public (long OfOneself, long OfStrangers, long FirstOnes, long NoChoice) LeftOut { get; private set; }

    /// <summary>In order of time. To be walked once.</summary>
    public IEnumerable<LabelledSlate> Walk()
    {
        var posts = new ActivityPosts();
        var newest = new Dictionary<int, int>();
        foreach (var line in _log)
        {
            var step = posts.Next(line);
            var (actor, target) = (Person(line.Actor), Person(line.Target));
            if (line.Kind == ActivityKind.Mention)
            {
                _state.Publish(actor, line.UnixMs, PostType.Text);
            }
            else
            {
                if (SlateOf(line, actor, target, step.IsNew ? -1 : newest[target]) is { } slate)
                    yield return slate;
                if (step.IsNew)
                    newest[target] = _state.Publish(target, line.UnixMs, PostType.Text);
                _state.Engage(actor, newest[target], KindOf(line), line.UnixMs);
            }
            if (_source == TieSource.Grown && actor != target)
                Follow(actor, target);
        }
    }

    private LabelledSlate? SlateOf(in ActivityLine line, int actor, int target, int post)
    {
        var (oneself, strangers, first, none) = LeftOut;
        if (actor == target)
        {
            LeftOut = (oneself + 1, strangers, first, none);
            return null;
        }
        if (!_following.TryGetValue(actor, out var following) || !following.Contains(target))
        {
            LeftOut = (oneself, strangers + 1, first, none);
            return null;
        }
        if (post < 0)
        {
            LeftOut = (oneself, strangers, first + 1, none);
            return null;
        }
        var candidates = _state.Candidates(following, line.UnixMs - _options.WindowHours * 3_600_000L, _options.CandidatesMax, _options.Authors);
        var at = Array.IndexOf(candidates, post);
        if (candidates.Length < 2 || at < 0)
        {
            LeftOut = (oneself, strangers, first, none + 1);
            return null;
        }
        var slate = _state.Slate(actor, line.UnixMs, candidates, author => TieTo(actor, author), author => _followers.GetValueOrDefault(author));
        slate.Outcomes[at] = KindOf(line);
        return slate;
    }

    private static Outcome KindOf(in ActivityLine line) => line.Kind == ActivityKind.Retweet ? Outcome.Share : Outcome.Comment;

    private Tie TieTo(int reader, int author) =>
        Tie.Follows | (_following.TryGetValue(author, out var back) && back.Contains(reader) ? Tie.FollowedBy : 0);

    private void Follow(int follower, int followee)
    {
        if (follower == followee)
            return;
        if (!_following.TryGetValue(follower, out var following))
            _following[follower] = following = [];
        if (following.Add(followee))
            _followers[followee] = _followers.GetValueOrDefault(followee) + 1;
    }

    private int Person(ulong id)
    {
        if (!_people.TryGetValue(id, out var person))
            _people[id] = person = _people.Count;
        return person;
    }
}
