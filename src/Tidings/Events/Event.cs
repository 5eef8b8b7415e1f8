using Tidings.People;
using Tidings.Posts;

namespace Tidings.Events;

/// <summary>What happened. The numbers are part of the stored format.</summary>
public enum EventKind : byte
{
    PersonJoined = 1,
    PostPublished = 2,
    PostEdited = 3,
    PostDeleted = 4,
    TieChanged = 5,
    MarkChanged = 6,
    Commented = 7,
    CommentDeleted = 8,
    /// <summary>Only those that count for affinity; so too <see cref="Messaged"/>.</summary>
    ProfileViewed = 9,
    Messaged = 10,
    /// <summary>A report of posts that were on a reader's screen.</summary>
    PostsShown = 11,
    /// <summary>The last event about a person: all that was theirs is gone.</summary>
    PersonErased = 20,
}

/// <summary>One thing that happened, as the log tells it: ids and small facts, no content, of one size.</summary>
/// <param name="Position">Place in the log, from 1, without gaps.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Other">The person whom it concerns: the other end of a tie, the author of the post; the actor where there is no other.</param>
/// <param name="Post">The post, where one is concerned.</param>
/// <param name="Detail">
/// <see cref="EventKind.TieChanged"/>: the tie before (16 bits) and after (16 bits), the action (8 bits), low to high.
/// <see cref="EventKind.MarkChanged"/>: the mark, and 256 where it was left, not taken back. Comments: their id.
/// <see cref="EventKind.PostsShown"/>: how many. <see cref="EventKind.PostPublished"/>: <see cref="NamesNobody"/> where that is known. Else 0.
/// </param>
public readonly record struct Event(
    long Position, EventKind Kind, UserId Actor, UserId Other, PostId Post, long Detail, long UnixMs)
{
    /// <summary>The text has no sign of a mention: nobody needs to read it to find out.</summary>
    public const long NamesNobody = 1;
}

/// <summary>
/// The log of all that happened. What an event tells of and that it is told are one transaction. One writer's log is in the order of its commits, and an event
/// is in it when the change is answered. Where many shards decide, the events of each, so of one author's posts and all that is left on them, are in
/// the order of their commits, and come into the log a moment later. Whoever reads of a change finds it.
/// </summary>
public interface IEventLog
{
    /// <summary>The position of the newest event; 0 in an empty log.</summary>
    long End { get; }

    /// <summary>Waits until there is an event after <paramref name="position"/>, then fills <paramref name="into"/> as far as it goes.</summary>
    /// <returns>How many were written, at least 1.</returns>
    /// <exception cref="EventsExpiredException">The log no longer goes back that far.</exception>
    ValueTask<int> ReadAsync(long position, Memory<Event> into, CancellationToken ct);
}

public sealed class EventsExpiredException(long asked, long first)
    : Exception($"Events after {asked} were asked for; the log begins at {first}.")
{
    /// <summary>The first event that the log has.</summary>
    public long First { get; } = first;
}
