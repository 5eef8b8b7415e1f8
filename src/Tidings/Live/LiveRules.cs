using Tidings.Graph;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>What a reader is told of an event. Asked twice: before the event gets a number, so that what a reader may not know leaves no gap,
/// and when it leaves.</summary>
internal static class LiveRules
{
    /// <param name="post">The post as it is now.</param>
    /// <param name="watched">The reader has the post on a screen, and so knows of it.</param>
    /// <returns><see cref="FrameKind.Skip"/> for nothing.</returns>
    public static FrameKind Decide(LiveKind kind, UserId reader, in PostHeader post, Tie tie, bool inAudience, bool watched)
    {
        if (kind == LiveKind.Notification) return FrameKind.Notification;
        var knows = watched && kind != LiveKind.Posted;
        // Whoever could see the post before it was deleted may know that it is gone.
        var seen = kind == LiveKind.Gone ? post with { Deleted = false } : post;
        var sight = knows
            ? Visibility.CanSee(reader, seen, tie, inAudience)
            : Visibility.CanSeeInFeed(reader, seen, tie, inAudience, hidden: false);
        if (sight == Sight.Visible) return (FrameKind)kind;
        return knows ? FrameKind.Gone : FrameKind.Skip;
    }
}
