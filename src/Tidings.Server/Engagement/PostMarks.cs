using Tidings.Client.Wire;
using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;
using Tidings.Server.Http;

namespace Tidings.Server.Engagement;

/// <summary>Leaves a mark and answers how the post stands after it.</summary>
internal sealed class PostMarks(MarkPost mark, IPostStore posts, IEngagementStore engagement)
{
    public async Task<IResult> AnswerAsync(UserId actor, PostId post, Mark which, bool on, CancellationToken ct)
    {
        var marked = await mark.ExecuteAsync(actor, post, which, on, ct);
        if (!marked.IsOk)
            return Problems.Answer(marked.Rejection);

        var ids = new[] { post };
        var header = new PostHeader[1];
        var liked = new bool[1];
        var shared = new bool[1];
        await posts.HeadersAsync(ids, header, ct);
        await engagement.MarkedAsync(actor, Mark.Like, ids, liked, ct);
        await engagement.MarkedAsync(actor, Mark.Share, ids, shared, ct);
        var counts = header[0].Counts;
        return Answers.Json(
            new EngagementView(post.ToString(), new PostCountsView(counts.Likes, counts.Comments, counts.Shares), liked[0], shared[0]),
            WireJson.Wire.EngagementView);
    }
}
