using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// slates: pages as they were served, in the order in which they were stored.
/// <code>
/// key    place (8), a time-ordered id
/// value  version (1, = 1) │ features version (1) │ features (1): how many │ Unix ms (8) │ reader (4) │ variant (text) │ share (4)
///        │ candidates (VarInt), each: post (8) │ author (4) │ position (1, 255 = not on the page) │ propensity (4) │ score (4) │ each feature (4)
/// </code>
/// Numbers with a fraction are IEEE 754 of 32 bits.
/// </summary>
internal static class SlateRow
{
    private const byte Version = 1, NotShown = 255;
    private const int EntryBytes = 8 + 4 + 1 + 4 + 4 + 4 * Features.Count;
    public const int KeyBytes = 8;

    public static int BytesMax(Slate slate) => 32 + RowWriter.TextBytesMax(slate.Variant) + slate.Count * EntryBytes;

    public static ReadOnlySpan<byte> Key(Span<byte> room, long place)
    {
        var key = new RowWriter(room);
        key.Int64(place);
        return key.Written;
    }

    public static long ReadKey(ReadOnlySpan<byte> key) => new RowReader("slates", key).Int64();

    public static ReadOnlySpan<byte> Write(Span<byte> room, Slate slate)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte(Features.Version);
        row.Byte(Features.Count);
        row.Int64(slate.UnixMs);
        row.UInt32((uint)slate.Reader.Value);
        row.Text(slate.Variant);
        row.UInt32(Bits(slate.Share));
        row.VarInt((uint)slate.Count);
        for (var i = 0; i < slate.Count; i++)
        {
            ref readonly var entry = ref slate.Entries[i];
            row.Int64(entry.Post.Value);
            row.UInt32((uint)entry.Author.Value);
            row.Byte(entry.Position < 0 ? NotShown : (byte)entry.Position);
            row.UInt32(Bits(entry.Propensity));
            row.UInt32(Bits(entry.Score));
            foreach (var feature in slate.FeaturesOf(i))
                row.UInt32(Bits(feature));
        }
        return row.Written;
    }

    /// <returns>Null for a slate of another version of the features: nothing that is there now can be asked of it.</returns>
    public static Slate? Read(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("slates", value);
        row.Version(Version);
        if ((row.Byte(), row.Byte()) != (Features.Version, Features.Count))
            return null;
        var slate = new Slate { UnixMs = row.Int64(), Reader = new UserId(row.UInt32()), Variant = row.Text(), Share = Float(ref row) };
        slate.Count = (int)row.VarInt();
        if (slate.Count > Slate.CandidatesMax)
            throw new RecordDamagedException("slates", $"A slate has {slate.Count} candidates.");
        for (var i = 0; i < slate.Count; i++)
        {
            var (post, author, position) = (new PostId(row.Int64()), new UserId(row.UInt32()), row.Byte());
            slate.Entries[i] = new SlateEntry(post, author, position == NotShown ? -1 : position, Float(ref row), Float(ref row));
            for (var f = 0; f < Features.Count; f++)
                slate.FeatureRows[i * Features.Count + f] = Float(ref row);
        }
        row.End();
        return slate;
    }

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private static float Float(ref RowReader row) => BitConverter.UInt32BitsToSingle(row.UInt32());
}
