using System.Globalization;
using Tidings.Events;
using Tidings.People;

namespace Tidings.Kafka.Topics;

/// <summary>
/// Which topic an event is in, and whose events stay in order. A key is the person in whose shard of the record the event was decided, so a partition keeps
/// the order that the log promises: an author's posts; all that is left on one author's posts; what one person does about others.
/// </summary>
public static class EventTopics
{
    public const string Posts = "post-events";

    public const string Engagement = "engagement-events";

    public const string Graph = "graph-events";

    /// <summary>How far the relay has come.</summary>
    public const string RelayPositions = "relay-positions";

    public static IReadOnlyList<string> All { get; } = [Posts, Engagement, Graph];

    public static string DeadLettersOf(string topic) => topic + "-dead-letters";

    public static string Of(EventKind kind) => kind switch
    {
        EventKind.PostPublished or EventKind.PostEdited or EventKind.PostDeleted => Posts,
        EventKind.MarkChanged or EventKind.Commented or EventKind.CommentDeleted
            or EventKind.ProfileViewed or EventKind.Messaged or EventKind.PostsShown => Engagement,
        EventKind.PersonJoined or EventKind.TieChanged or EventKind.PersonErased => Graph,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of event has no topic."),
    };

    public static UserId KeyOf(in Event happened) => Of(happened.Kind) == Engagement ? happened.Other : happened.Actor;

    /// <summary>The person's number in decimal, ASCII: with the partitioner that Java's clients have by default, whoever writes finds the same partition.</summary>
    public static byte[] KeyBytes(UserId key) => System.Text.Encoding.ASCII.GetBytes(key.Value.ToString(CultureInfo.InvariantCulture));
}
