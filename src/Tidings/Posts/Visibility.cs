using System.Runtime.CompilerServices;
using Tidings.Graph;
using Tidings.People;

namespace Tidings.Posts;

/// <summary>Why a viewer doesn't get to see a post; <see cref="Visible"/> where nothing stands against it. The names go into "why not".</summary>
public enum Sight : byte
{
    Visible = 0,
    Missing,
    Deleted,
    Blocked,
    NotFriends,
    NotInAudience,
    /// <summary>Where nobody asked for the post itself, such as in feeds: it may be looked at.</summary>
    Muted,
    /// <inheritdoc cref="Muted"/>
    Unfollowed,
    /// <inheritdoc cref="Muted"/>
    Hidden,
}

/// <summary>
/// The one place that decides who sees what. Every road on which a post, its comments or its counters leave the house asks here, at the
/// moment of leaving: what caches, inboxes and snapshots hold is a guess about what may be shown, never a permission.
/// </summary>
public static class Visibility
{
    /// <param name="tie">The viewer's tie to the author.</param>
    /// <param name="inAudience">Whether the viewer is on the post's audience list; looked at for custom audiences only.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sight CanSee(UserId viewer, in PostHeader post, Tie tie, bool inAudience)
    {
        if (post.Version == 0) return Sight.Missing;
        if (post.Deleted) return Sight.Deleted;
        if (post.Author == viewer) return Sight.Visible;
        if ((tie & (Tie.Blocks | Tie.BlockedBy)) != 0) return Sight.Blocked;
        return post.Audience switch
        {
            Audience.Public => Sight.Visible,
            Audience.Friends => (tie & Tie.Friend) != 0 ? Sight.Visible : Sight.NotFriends,
            Audience.Custom => inAudience ? Sight.Visible : Sight.NotInAudience,
            _ => Sight.NotInAudience,
        };
    }

    /// <summary>The same, and what keeps a post that one may see from being shown to one who didn't ask for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sight CanSeeUnasked(UserId viewer, in PostHeader post, Tie tie, bool inAudience, bool hidden)
    {
        var sight = CanSee(viewer, post, tie, inAudience);
        if (sight != Sight.Visible) return sight;
        if (hidden) return Sight.Hidden;
        return post.Author != viewer && (tie & Tie.Mutes) != 0 ? Sight.Muted : Sight.Visible;
    }

    /// <summary>The same in one's feed, where only those are whom one follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Sight CanSeeInFeed(UserId viewer, in PostHeader post, Tie tie, bool inAudience, bool hidden)
    {
        var sight = CanSeeUnasked(viewer, post, tie, inAudience, hidden);
        return sight == Sight.Visible && post.Author != viewer && (tie & Tie.Follows) == 0 ? Sight.Unfollowed : sight;
    }
}
