using Tidings.Import;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Replay;

/// <summary>A post that the log speaks of, on its way.</summary>
internal sealed class HiggsPost(PlainFeeds.PlainPost plain)
{
    public PlainFeeds.PlainPost Plain => plain;

    public Task<PostId>? Published { get; set; }
}

/// <param name="Entry">The post made, or engaged with.</param>
/// <param name="IsNew">It is to be published first.</param>
internal readonly record struct HiggsChange(ActivityKind Kind, UserId Actor, HiggsPost Entry, bool IsNew, string Text);

/// <summary>The log line by line, as changes; what each does to the feeds is told to <see cref="PlainFeeds"/> as it is taken.</summary>
internal sealed class HiggsEvents(ReplayGraph graph, ActivityLine[] log)
{
    private readonly ActivityPosts _posts = new();
    private readonly Dictionary<ulong, HiggsPost> _newest = [];
    private int _next;

    public bool TryNext(out HiggsChange change)
    {
        change = default;
        if (_next == log.Length)
            return false;
        ref readonly var line = ref log[_next++];
        var step = _posts.Next(line);
        var actor = graph[line.Actor];
        if (line.Kind == ActivityKind.Mention)
        {
            change = new HiggsChange(line.Kind, actor, new HiggsPost(graph.Plain.Post(actor)), true, ActivityPosts.Text(line, "x"));
            return true;
        }
        if (step.IsNew)
            _newest[line.Target] = new HiggsPost(graph.Plain.Post(graph[line.Target]));
        var post = _newest[line.Target];
        if (line.Kind == ActivityKind.Retweet)
            post.Plain.Shares.Add(actor.Value);
        else
            post.Plain.Comments++;
        change = new HiggsChange(line.Kind, actor, post, step.IsNew, step.IsNew ? ActivityPosts.Text(line, "x") : "");
        return true;
    }
}
