using Tidings.Affinity;
using Tidings.People;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// affinity: how much a reader cares for authors, all in one row: a feed needs many at once. At most <see cref="AuthorsMax"/>: past that the
/// weakest goes. Beside each score stand the minutes since 2006-01-01 in which a view and a message were counted last; 0 for never.
/// <code>
/// key    reader (4)
/// value  version (1, = 2) │ count (VarInt) │ author (4), log2 of the score at the landmark (8, IEEE 754), viewed (4), messaged (4) │ …, rising by author
/// </code>
/// Version 1 has no minutes.
/// </summary>
internal sealed class AffinityRow(uint[] authors, double[] scores, Met[] met)
{
    private const byte Version = 2;
    public const int AuthorsMax = IAffinityStore.PeopleMax;
    public const int KeyBytes = 4;

    public static readonly AffinityRow None = new([], [], []);

    public int Count => authors.Length;

    public int BytesMax => 1 + 5 + authors.Length * 20;

    public double this[UserId author] => Find(author) is >= 0 and var at ? scores[at] : ForwardDecay.Nothing;

    public Met MetAt(UserId author) => Find(author) is >= 0 and var at ? met[at] : default;

    /// <summary>Those of highest score first; among equals the lower id.</summary>
    public int Top(long nowUnixMs, Span<AffinityScore> into)
    {
        var order = new int[authors.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        order.AsSpan().Sort((a, b) => scores[a] != scores[b] ? scores[b].CompareTo(scores[a]) : authors[a].CompareTo(authors[b]));
        var count = Math.Min(order.Length, into.Length);
        for (var i = 0; i < count; i++)
            into[i] = new AffinityScore(new UserId(authors[order[i]]), ForwardDecay.Score(scores[order[i]], nowUnixMs));
        return count;
    }

    /// <summary>The same row with another score for one author.</summary>
    public AffinityRow With(UserId author, double score) => With(author, score, MetAt(author));

    public AffinityRow With(UserId author, double score, Met when)
    {
        var at = Array.BinarySearch(authors, (uint)author.Value);
        if (at >= 0)
        {
            var (changed, changedMet) = ((double[])scores.Clone(), (Met[])met.Clone());
            (changed[at], changedMet[at]) = (score, when);
            return new AffinityRow(authors, changed, changedMet);
        }
        if (authors.Length >= AuthorsMax)
            return Without(Array.IndexOf(scores, scores.Min())).With(author, score, when);
        return new AffinityRow(
            [.. authors.AsSpan(0, ~at), (uint)author.Value, .. authors.AsSpan(~at)], [.. scores.AsSpan(0, ~at), score, .. scores.AsSpan(~at)],
            [.. met.AsSpan(0, ~at), when, .. met.AsSpan(~at)]);
    }

    public static ReadOnlySpan<byte> Key(Span<byte> room, UserId reader)
    {
        var key = new RowWriter(room);
        key.UInt32((uint)reader.Value);
        return key.Written;
    }

    public ReadOnlySpan<byte> Write(Span<byte> room)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.VarInt((uint)authors.Length);
        for (var i = 0; i < authors.Length; i++)
        {
            row.UInt32(authors[i]);
            row.Double(scores[i]);
            row.UInt32(met[i].ViewedMinute);
            row.UInt32(met[i].MessagedMinute);
        }
        return row.Written;
    }

    public static AffinityRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("affinity", value);
        var version = row.VersionUpTo(Version);
        var count = Math.Min(row.VarInt(), (uint)row.Left);
        var authors = new uint[count];
        var scores = new double[count];
        var met = new Met[count];
        for (var i = 0; i < count; i++)
        {
            authors[i] = row.UInt32();
            scores[i] = row.Double();
            if (version > 1)
                met[i] = new Met(row.UInt32(), row.UInt32());
        }
        row.End();
        return new AffinityRow(authors, scores, met);
    }

    private int Find(UserId author) => author.Value <= uint.MaxValue ? Array.BinarySearch(authors, (uint)author.Value) : -1;

    private AffinityRow Without(int at) => new(
        [.. authors.AsSpan(0, at), .. authors.AsSpan(at + 1)], [.. scores.AsSpan(0, at), .. scores.AsSpan(at + 1)],
        [.. met.AsSpan(0, at), .. met.AsSpan(at + 1)]);
}

/// <summary>In which minute since 2006-01-01 an encounter of each kind was counted last; 0 for never.</summary>
internal readonly record struct Met(uint ViewedMinute, uint MessagedMinute)
{
    public uint this[Encounter encounter] => encounter == Encounter.Message ? MessagedMinute : ViewedMinute;

    public Met With(Encounter encounter, uint minute) =>
        encounter == Encounter.Message ? this with { MessagedMinute = minute } : this with { ViewedMinute = minute };
}
