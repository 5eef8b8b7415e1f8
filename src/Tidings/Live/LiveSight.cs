using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>Reads what visibility is decided by.</summary>
public sealed class LiveSight(IPostStore posts, IGraphStore graph, IAudienceStore audiences)
{
    internal ValueTask HeadersAsync(ReadOnlyMemory<PostId> ids, Memory<PostHeader> into, CancellationToken ct) =>
        posts.HeadersAsync(ids, into, ct);

    internal async ValueTask<(Tie Tie, bool InAudience)> BetweenAsync(UserId reader, PostHeader post, CancellationToken ct)
    {
        if (post.Version == 0 || post.Author == reader) return (Tie.None, false);
        var tie = await graph.TieAsync(reader, post.Author, ct);
        if (post.Audience != Audience.Custom) return (tie, false);
        var contains = new bool[1];
        await audiences.ContainsAsync(reader, new[] { post.List }, contains, ct);
        return (tie, contains[0]);
    }

    internal async ValueTask<bool> CanSeeAsync(UserId reader, PostHeader post, CancellationToken ct)
    {
        var (tie, inAudience) = await BetweenAsync(reader, post, ct);
        return Visibility.CanSee(reader, post, tie, inAudience) == Sight.Visible;
    }

    internal async ValueTask<FrameKind> DecideAsync(LiveKind kind, UserId reader, PostHeader post, bool watched, CancellationToken ct)
    {
        var (tie, inAudience) = await BetweenAsync(reader, post, ct);
        return LiveRules.Decide(kind, reader, post, tie, inAudience, watched);
    }
}
