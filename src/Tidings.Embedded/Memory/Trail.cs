using System.Runtime.CompilerServices;

namespace Tidings.Embedded.Memory;

/// <summary>
/// The slots that a thread last turned into ids, those of an inbox and those of timelines, each newest first: whoever asks <see cref="HotPosts"/> for the
/// headers of those ids next needs no index. A note, nothing more: a slot may be another post's by now, so the line is looked at anyway.
/// </summary>
internal sealed class Trail
{
    [ThreadStatic] private static Trail? _ofThread;

    private HotPosts? _of;

    public Track Inbox { get; } = new();

    public Track Timelines { get; } = new();

    public static Trail OfThisThread(HotPosts hot)
    {
        var trail = _ofThread ??= new Trail();
        if (trail._of == hot) return trail;
        trail._of = hot;
        trail.Inbox.Begin();
        trail.Timelines.Begin();
        return trail;
    }

    internal sealed class Track
    {
        private const int Max = 1_000;

        /// <summary>Below every id.</summary>
        private const long End = long.MinValue;

        private readonly long[] _ids = new long[Max + 1];
        private readonly uint[] _slots = new uint[Max + 1];
        private int _count;

        public void Begin() => (_count, _ids[0]) = (0, End);

        /// <summary>Adds one that is older than all before. What there is no room for is left out.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(long id, uint slot)
        {
            var at = _count;
            if (at == Max) return;
            (_ids[at], _slots[at], _ids[at + 1]) = (id, slot, End);
            _count = at + 1;
        }

        /// <param name="step">Where to go on: 0 for the newest id that is asked for, then as it was left.</param>
        /// <returns>0 for an id that is not here, or is asked for out of order.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint SlotOf(long id, ref int step)
        {
            while (_ids[step] > id)
                step++;
            return _ids[step] == id ? _slots[step] : 0;
        }
    }
}
