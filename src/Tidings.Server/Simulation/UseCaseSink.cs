using Tidings.Engagement;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>Simulated people act through the use cases, in the process of the record.</summary>
/// <param name="people">The id of each simulated person, by index.</param>
internal sealed class UseCaseSink(
    SimulatedNetwork network, UserId[] people, PublishPost publish, MarkPost mark, CommentOnPost comment) : ISimulationSink
{
    public async ValueTask<PostId?> PublishAsync(SimulatedAction post, CancellationToken ct)
    {
        var made = new NewPost(people[post.Actor], post.Type, post.Audience, default, network.Body(post));
        var published = await publish.ExecuteAsync(made, null, ct);
        return published.IsOk ? published.Value.Id : null;
    }

    public async ValueTask<bool> ReactAsync(SimulatedAction reaction, PostId post, CancellationToken ct)
    {
        var actor = people[reaction.Actor];
        if (reaction.Kind == ActionKind.Comment)
            return (await comment.ExecuteAsync(actor, post, network.Comment(reaction), null, ct)).IsOk;
        var left = reaction.Kind switch
        {
            ActionKind.Like => Mark.Like,
            ActionKind.Share => Mark.Share,
            ActionKind.Hide => Mark.Hide,
            _ => throw new ArgumentOutOfRangeException(nameof(reaction), reaction.Kind, "A post is no reaction."),
        };
        return (await mark.ExecuteAsync(actor, post, left, on: true, ct)).IsOk;
    }
}
