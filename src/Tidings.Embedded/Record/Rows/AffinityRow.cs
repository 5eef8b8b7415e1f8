using Tidings.Affinity;
using Tidings.People;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// affinity: how much a reader cares for authors, all in one row: a feed needs many at once. At most <see cref="AuthorsMax"/>: past that the
/// weakest goes.
/// <code>
/// key    reader (4)
/// value  version (1, = 1) │ count (VarInt) │ author (4), log2 of the score at the landmark (8, IEEE 754) │ …, rising by author
/// </code>
/// </summary>
internal sealed class AffinityRow(uint[] authors, double[] scores)
{
    private const byte Version = 1;
    public const int AuthorsMax = 1_000;
    public const int KeyBytes = 4;

    public static readonly AffinityRow None = new([], []);

    public int Count => authors.Length;

    public int BytesMax => 1 + 5 + authors.Length * 12;

    public double this[UserId author] =>
        author.Value <= uint.MaxValue && Array.BinarySearch(authors, (uint)author.Value) is >= 0 and var at ? scores[at] : ForwardDecay.Nothing;

    /// <summary>The same row with another score for one author.</summary>
    public AffinityRow With(UserId author, double score)
    {
        var at = Array.BinarySearch(authors, (uint)author.Value);
        if (at >= 0)
        {
            var changed = (double[])scores.Clone();
            changed[at] = score;
            return new AffinityRow(authors, changed);
        }
        if (authors.Length >= AuthorsMax)
            return Without(Array.IndexOf(scores, scores.Min())).With(author, score);
        uint[] nextAuthors = [.. authors.AsSpan(0, ~at), (uint)author.Value, .. authors.AsSpan(~at)];
        double[] nextScores = [.. scores.AsSpan(0, ~at), score, .. scores.AsSpan(~at)];
        return new AffinityRow(nextAuthors, nextScores);
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
        }
        return row.Written;
    }

    public static AffinityRow Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("affinity", value);
        row.Version(Version);
        var count = Math.Min(row.VarInt(), (uint)row.Left);
        var authors = new uint[count];
        var scores = new double[count];
        for (var i = 0; i < count; i++)
        {
            authors[i] = row.UInt32();
            scores[i] = row.Double();
        }
        row.End();
        return new AffinityRow(authors, scores);
    }

    private AffinityRow Without(int at) =>
        new([.. authors.AsSpan(0, at), .. authors.AsSpan(at + 1)], [.. scores.AsSpan(0, at), .. scores.AsSpan(at + 1)]);
}
