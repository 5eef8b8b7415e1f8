namespace Tidings.Import;

/// <param name="Author">Whose post a line is about.</param>
/// <param name="Hour">Hours since 1970 of the post. A retweet and a reply are engagement with the author's post of this hour.</param>
/// <param name="IsNew">The line is the first to show this post: it is to be made, at the line's time.</param>
public readonly record struct ActivityStep(ulong Author, long Hour, bool IsNew);

/// <summary>
/// Makes posts of an activity log, which has none itself. The rules:
/// 1. A retweet or a reply says that a post of its target was there. All those of one target within one hour (of UTC) are about one post,
///    which is made at the time of the first of them.
/// 2. A mention is a post of its actor, each one.
/// So a post's time is when it was first passed on, a moment after it was really made. Lines have to come in order of time.
/// </summary>
public sealed class ActivityPosts
{
    private const long SecondsPerHour = 3_600;

    /// <summary>Of each target, the hour of the newest post. As many entries as the log has targets.</summary>
    private readonly Dictionary<ulong, long> _newestHour = [];

    public ActivityStep Next(in ActivityLine line)
    {
        var hour = line.UnixSeconds / SecondsPerHour;
        if (line.Kind == ActivityKind.Mention)
            return new ActivityStep(line.Actor, hour, IsNew: true);

        var isNew = !_newestHour.TryGetValue(line.Target, out var newest) || newest != hour;
        _newestHour[line.Target] = hour;
        return new ActivityStep(line.Target, hour, isNew);
    }

    /// <summary>The log has no texts either: the post says whom or what it stands for.</summary>
    public static string Text(in ActivityLine line, string handlePrefix) => line.Kind == ActivityKind.Mention
        ? $"@{handlePrefix}{line.Target} is mentioned here."
        : $"Passed on from {DateTimeOffset.FromUnixTimeSeconds(line.UnixSeconds):yyyy-MM-dd HH:mm:ss} UTC.";
}
