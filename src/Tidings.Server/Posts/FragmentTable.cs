using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tidings.Posts;

namespace Tidings.Server.Posts;

/// <summary>
/// Bytes by post and version, for a while, as many as there is room for: sets of eight places; a hash says which set is a post's.
/// 1. Finding takes no lock and writes nothing but the mark that a place was used. A place has a tag, some bits of the hash, and what is kept there; the tag
///    says where to look, what is kept says whether it is that, so it doesn't matter in which order the two are seen to change.
/// 2. Adding takes a place that is empty or out of time, else the first that wasn't used since the hand came by last (the clock of Corbató, 1968).
/// 3. A page asks for all its posts at once. Each step is taken for all of them before the next, so that the processor waits for twenty
///    lines of memory at a time and not for each by itself; and all that was found is on its way into its caches when it is copied.
/// </summary>
internal sealed class FragmentTable
{
    private const int Ways = 8, LineBytes = 64;

    private readonly uint[] _tags;
    private readonly Kept?[] _kept;
    private readonly uint _sets;
    private readonly long _lifeTicks;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private int _count, _hand;

    /// <param name="entries">Rounded to whole sets, at least one.</param>
    public FragmentTable(int entries, TimeSpan life, TimeProvider clock)
    {
        _sets = (uint)Math.Max(1, entries / Ways);
        _tags = new uint[_sets * Ways];
        _kept = new Kept?[_sets * Ways];
        _clock = clock;
        _lifeTicks = (long)(life.TotalSeconds * clock.TimestampFrequency);
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Fills in what is kept of each, null for the rest.</summary>
    /// <returns>How many are missing.</returns>
    public int Find(ReadOnlySpan<(PostId Post, int Version)> wanted, Span<byte[]?> into)
    {
        const int batch = 32;
        Span<int> places = stackalloc int[batch];
        var now = _clock.GetTimestamp();
        var missing = 0;
        for (var from = 0; from < wanted.Length; from += batch)
        {
            var some = wanted.Slice(from, Math.Min(batch, wanted.Length - from));
            for (var i = 0; i < some.Length; i++)
                places[i] = PlaceOf(some[i].Post, some[i].Version);
            foreach (var place in places[..some.Length])
            {
                if (place >= 0) Fetch(Volatile.Read(ref _kept[place]));
            }
            for (var i = 0; i < some.Length; i++)
            {
                into[from + i] = places[i] < 0 ? null : Volatile.Read(ref _kept[places[i]])?.For(some[i].Post, some[i].Version, now);
                Fetch(into[from + i]);
            }
            foreach (var bytes in into.Slice(from, some.Length))
            {
                if (bytes is null) missing++;
                else FetchRest(bytes);
            }
        }
        return missing;
    }

    public void Add(PostId post, int version, byte[] bytes)
    {
        var kept = new Kept(post, version, bytes, _clock.GetTimestamp() + _lifeTicks);
        var (set, tag) = SetOf(post, version);
        lock (_gate)
        {
            var place = PlaceFor(set, kept);
            if (_kept[place] is null) Volatile.Write(ref _count, _count + 1);
            Volatile.Write(ref _kept[place], kept);
            Volatile.Write(ref _tags[place], tag);
        }
    }

    /// <summary>Drops all whose bytes are meant.</summary>
    public void Remove(Func<byte[], bool> isMeant)
    {
        lock (_gate)
        {
            for (var place = 0; place < _kept.Length; place++)
            {
                if (_kept[place] is not { } kept || !isMeant(kept.Bytes)) continue;
                Volatile.Write(ref _tags[place], 0);
                Volatile.Write(ref _kept[place], null);
                Volatile.Write(ref _count, _count - 1);
            }
        }
    }

    /// <returns>−1 where no place has the tag. Two may, for a moment or by chance: then the post counts as missing, or is found.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PlaceOf(PostId post, int version)
    {
        var (set, tag) = SetOf(post, version);
        var same = Vector256.Equals(Vector256.LoadUnsafe(ref _tags[set * Ways]), Vector256.Create(tag)).ExtractMostSignificantBits();
        return same == 0 ? -1 : (int)set * Ways + BitOperations.TrailingZeroCount(same);
    }

    private int PlaceFor(uint set, Kept kept)
    {
        var places = _kept.AsSpan((int)set * Ways, Ways);
        var first = (int)set * Ways;
        for (var way = 0; way < Ways; way++)
        {
            if (places[way] is { } there && there.Post == kept.Post && there.Version == kept.Version) return first + way;
        }
        var empty = places.IndexOf((Kept?)null);
        if (empty >= 0) return first + empty;
        var now = _clock.GetTimestamp();
        for (var turn = 0; ; turn++)
        {
            var way = _hand++ & (Ways - 1);
            if (!places[way]!.Used || places[way]!.EndsTicks <= now || turn == Ways) return first + way;
            places[way]!.Used = false;
        }
    }

    /// <summary>The finalizer of MurmurHash3, in which every bit of an id moves every bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (uint Set, uint Tag) SetOf(PostId post, int version)
    {
        var hash = (ulong)post.Value + ((ulong)(uint)version << 40);
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        hash ^= hash >> 33;
        return ((uint)((hash >> 32) * _sets >> 32), (uint)hash | 1);
    }

    /// <summary>Asks for the first line of an object. Only a wish: that the collector may move it does no harm.</summary>
    private static unsafe void Fetch(object? thing)
    {
        if (Sse.IsSupported) Sse.Prefetch0((void*)Unsafe.As<object?, nint>(ref thing));
    }

    private static unsafe void FetchRest(byte[] bytes)
    {
        if (!Sse.IsSupported) return;
        var start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes));
        for (var at = LineBytes; at < bytes.Length; at += LineBytes)
            Sse.Prefetch1(start + at);
    }

    private sealed class Kept(PostId post, int version, byte[] bytes, long endsTicks)
    {
        public readonly PostId Post = post;
        public readonly int Version = version;
        public readonly long EndsTicks = endsTicks;
        public readonly byte[] Bytes = bytes;
        public bool Used;

        /// <returns>The bytes, if they are those and their time isn't over.</returns>
        public byte[]? For(PostId post, int version, long nowTicks)
        {
            if (Post != post || Version != version || EndsTicks <= nowTicks) return null;
            if (!Used) Used = true;
            return Bytes;
        }
    }
}
