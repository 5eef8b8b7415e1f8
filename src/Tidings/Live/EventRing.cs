using Tidings.People;
using Tidings.Posts;

namespace Tidings.Live;

/// <summary>
/// The newest events of one reader under their numbers, at most <see cref="EventsMax"/>, 16 bytes each; room is taken as it is needed. It is
/// all the buffer that the reader's connections have, and what a client resumes from.
/// </summary>
/// <param name="last">The number before the first event.</param>
internal sealed class EventRing(long last)
{
    public const int EventsMax = 1_024;

    private const int EventsMin = 4;

    private Kept[] _kept = [];
    private int _count;

    public long Last { get; private set; } = last;

    /// <summary>The oldest number that is still here; <see cref="Last"/> + 1 where there is none.</summary>
    public long First => Last - _count + 1;

    public void Add(in LiveEvent happened)
    {
        if (_count == _kept.Length && _count < EventsMax)
            Grow();
        Last++;
        _kept[Place(Last)] = new Kept(happened);
        _count = Math.Min(_count + 1, _kept.Length);
    }

    /// <summary>Forgets all, as if one more event had been added and forgotten: whoever comes here for the next has missed something.</summary>
    public void Lose()
    {
        Last++;
        _count = 0;
    }

    /// <summary>Copies what came after a number, oldest first. All of it must still be here.</summary>
    public int Copy(long after, Span<LiveEvent> into)
    {
        var count = (int)Math.Min(into.Length, Last - after);
        for (var i = 0; i < count; i++)
            into[i] = _kept[Place(after + 1 + i)].Event;
        return count;
    }

    private int Place(long number) => (int)(number & (_kept.Length - 1));

    private void Grow()
    {
        var old = _kept;
        _kept = new Kept[Math.Max(EventsMin, old.Length * 2)];
        for (var number = First; number <= Last; number++)
            _kept[Place(number)] = old[(int)(number & (old.Length - 1))];
    }

    /// <summary>A person's id fits 32 bits; where there is a number there is no author.</summary>
    private readonly struct Kept(in LiveEvent e)
    {
        private readonly long _post = e.Post.Value;
        private readonly uint _authorOrUnread = e.Kind == LiveKind.Notification ? (uint)e.Unread : (uint)e.Author.Value;
        private readonly LiveKind _kind = e.Kind;

        public LiveEvent Event => _kind == LiveKind.Notification
            ? LiveEvent.Notification((int)_authorOrUnread)
            : new LiveEvent(_kind, new PostId(_post), new UserId(_authorOrUnread), 0);
    }
}
