using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>What a reader who is here is told. The names are the types of the frames on the wire.</summary>
public enum LiveKind : byte
{
    Posted = 1,
    Edited = 2,
    Gone = 3,
    Notification = 4,
}

/// <summary>One thing that happened, for one reader: ids and a number, no content. Whoever shows it reads the rest, and so sees what may be
/// seen at that moment.</summary>
/// <param name="Unread"><see cref="LiveKind.Notification"/>: how many the reader hasn't read; else 0.</param>
public readonly record struct LiveEvent(LiveKind Kind, PostId Post, UserId Author, int Unread)
{
    public static LiveEvent Posted(PostId post, UserId author) => new(LiveKind.Posted, post, author, 0);

    public static LiveEvent Edited(PostId post, UserId author) => new(LiveKind.Edited, post, author, 0);

    public static LiveEvent Gone(PostId post, UserId author) => new(LiveKind.Gone, post, author, 0);

    public static LiveEvent Notification(int unread) => new(LiveKind.Notification, default, default, unread);
}
