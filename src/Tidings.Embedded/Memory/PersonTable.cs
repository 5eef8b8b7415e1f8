namespace Tidings.Embedded.Memory;

/// <summary>
/// A record of fixed size for each person, zero at first, indexed by user id. It grows by segments of 65,536 people that never move, so a
/// pointer into it is good until <see cref="Dispose"/>. People who were never written to have no segment and cost nothing.
/// </summary>
internal sealed unsafe class PersonTable(int bytesEach) : IDisposable
{
    public const int SegmentShift = 16;
    public const int SegmentPeople = 1 << SegmentShift;
    private const int SegmentsMax = 1 << (32 - SegmentShift);

    private readonly Pages _directory = new(SegmentsMax * (long)sizeof(nint));
    private readonly List<Pages> _segments = [];
    private readonly Lock _growing = new();
    private long _end;

    /// <summary>One more than the highest person that has a record.</summary>
    public long End => Volatile.Read(ref _end);

    /// <returns>Null where the person's segment was never written to.</returns>
    public byte* Find(uint person)
    {
        var segment = (byte*)Volatile.Read(ref ((nint*)_directory.Start)[person >> SegmentShift]);
        return segment == null ? null : segment + ((person & (SegmentPeople - 1)) * (nuint)bytesEach);
    }

    public byte* Ensure(uint person)
    {
        var found = Find(person);
        return found != null ? found : Grow(person);
    }

    public void Dispose()
    {
        // Owners walk up to the end to give their blocks back; a second time there is nothing to walk.
        Volatile.Write(ref _end, 0);
        foreach (var segment in _segments)
            segment.Dispose();
        _directory.Dispose();
    }

    private byte* Grow(uint person)
    {
        lock (_growing)
        {
            ref var entry = ref ((nint*)_directory.Start)[person >> SegmentShift];
            if (entry == 0)
            {
                var segment = new Pages((long)SegmentPeople * bytesEach);
                _segments.Add(segment);
                Volatile.Write(ref entry, (nint)segment.Start);
                Volatile.Write(ref _end, Math.Max(_end, ((person >> SegmentShift) + 1L) << SegmentShift));
            }
        }
        return Find(person);
    }
}
