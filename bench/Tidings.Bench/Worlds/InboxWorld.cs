using Tidings.Embedded.Memory;
using Tidings.FanOut;
using Tidings.Feeds;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Bench.Worlds;

/// <summary>
/// Full inboxes for everyone, as after weeks, and slices of 1,000 readers to push to: picked at random from all, each either in rising order (as
/// a list of followers comes) or shuffled. Beside it the bare ring: the same number of rings of the same size in the same kind of memory,
/// without anything that makes them inboxes.
/// </summary>
internal sealed unsafe class InboxWorld : IDisposable
{
    public const int SliceReaders = 1_000;
    private const int RingEntries = 1_024;
    private const int Slices = 2_048;

    private readonly HotPosts _hot = new(1 << 20);
    private readonly Slab _slab;
    private readonly Inboxes _inboxes;
    private readonly Presence[] _presence = new Presence[SliceReaders];
    private readonly Pages _rings;
    private readonly uint[] _heads;
    private readonly UserId[][] _sorted = new UserId[Slices][], _random = new UserId[Slices][];
    private long _lastId;
    private uint _lastSlot;
    private int _turn;

    public InboxWorld(int people)
    {
        _slab = new Slab((people + 1024L) * RingEntries * sizeof(uint) * 5 / 4);
        _inboxes = new Inboxes(_hot, _slab, TimeProvider.System);
        _rings = new Pages((people + 1L) * RingEntries * sizeof(uint));
        _heads = new uint[people + 1];
        Fill(people);
        var random = new Random(1);
        for (var i = 0; i < Slices; i++)
        {
            _random[i] = [.. Enumerable.Range(0, SliceReaders).Select(_ => new UserId(1 + random.Next(people))).Distinct()];
            _sorted[i] = [.. _random[i].Order()];
        }
    }

    public double BytesPerEntry => (double)_inboxes.Bytes / _inboxes.Entries;

    /// <summary>Delivers one post to the next slice, after asking who is there, as fan-out does.</summary>
    /// <returns>Deliveries.</returns>
    public int PushSlice(bool sorted)
    {
        var readers = Next(sorted);
        _inboxes.ClassifyAsync(readers, _presence, CancellationToken.None).GetAwaiter().GetResult();
        return _inboxes.DeliverAsync(Publish(), readers, CancellationToken.None).Result;
    }

    public int WriteRings(bool sorted)
    {
        var readers = Next(sorted);
        var slot = ++_lastSlot;
        var rings = (uint*)_rings.Start;
        foreach (var reader in readers)
        {
            var head = _heads[reader.Value]++;
            rings[(nuint)reader.Value * RingEntries + (head & (RingEntries - 1))] = slot;
        }
        return readers.Length;
    }

    public void Dispose()
    {
        _inboxes.Dispose();
        _slab.Dispose();
        _hot.Dispose();
        _rings.Dispose();
    }

    private UserId[] Next(bool sorted)
    {
        _turn = (_turn + 1) % Slices;
        return (sorted ? _sorted : _random)[_turn];
    }

    private PostId Publish()
    {
        _lastId = TimeOrderedId.Next(_lastId, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), 0);
        _hot.Add(new PostHeader(new PostId(_lastId), new UserId(1), PostType.Text, Audience.Public, default, false, 1, 0, default));
        return new PostId(_lastId);
    }

    private void Fill(int people)
    {
        var newestFirst = new PostId[IInboxes.CapEntries];
        for (var i = newestFirst.Length; i > 0; i--)
            newestFirst[i - 1] = Publish();
        for (var reader = 1; reader <= people; reader++)
        {
            var ticket = _inboxes.OpenAsync(new UserId(reader), CancellationToken.None).Result;
            if (!_inboxes.FillAsync(new UserId(reader), ticket, newestFirst, CancellationToken.None).Result)
                throw new InvalidOperationException("An inbox was not filled: the slab is too small.");
            new Span<uint>((uint*)_rings.Start + (nuint)reader * RingEntries, IInboxes.CapEntries).Fill(1);
            _heads[reader] = IInboxes.CapEntries;
        }
    }
}
