using Tidings.People;
using Tidings.Ranking;

namespace Tidings.Embedded.Record.Rows;

/// <summary>
/// ranking: how feeds are ranked, and experiments.
/// <code>
/// key    1 (1)                                the profile of everybody
/// value  version (1, = 1) │ profile
///
/// key    2 (1) │ id (4)                       an experiment
/// value  version (1, = 1) │ name (text) │ started, Unix ms (8) │ ended, Unix ms (8, 0 = runs) │ why it ended (text) │ rise (4)
///        │ variants (VarInt), each: name (text) │ share (4) │ profile
///
/// key    3 (1) │ id (4) │ reader (4)          what a reader of an experiment did
/// value  version (1, = 1) │ variant (1) │ pages, errors, likes, comments, shares, hides (VarInt each)
///
/// key    4 (1) │ id (4)                       how far an experiment has read the events
/// value  version (1, = 1) │ position (8)
///
/// profile  decay (1) │ flags (1: 1 = model, 2 = seen last) │ posts of an author on a page (1) │ places left to chance (1) │ half-life, ms (8)
///          │ prior, like, comment, share, affinity, types (4), heads (4), fairness, share left to chance: 15 numbers (4 each)
/// </code>
/// Numbers with a fraction are IEEE 754 of 32 bits.
/// </summary>
internal static class RankingRow
{
    public const byte ProfileKind = 1, ExperimentKind = 2, TallyKind = 3, PositionKind = 4;
    public const int KeyBytesMax = 9, TallyBytesMax = 2 + 6 * 5, PositionBytes = 9;
    private const byte Version = 1, Model = 1, SeenLast = 2;
    private const int ProfileBytes = 4 + 8 + 15 * 4;

    public static int BytesMax(Experiment experiment) => 32 + RowWriter.TextBytesMax(experiment.Name) + RowWriter.TextBytesMax(experiment.EndReason)
        + experiment.Variants.Sum(variant => RowWriter.TextBytesMax(variant.Name) + 4 + ProfileBytes);

    public static ReadOnlySpan<byte> Key(Span<byte> room, byte kind, uint? experiment = null, UserId? reader = null)
    {
        var key = new RowWriter(room);
        key.Byte(kind);
        if (experiment is { } id)
            key.UInt32(id);
        if (reader is { } person)
            key.UInt32((uint)person.Value);
        return key.Written;
    }

    public static byte[] Write(RankingProfile profile)
    {
        var row = new RowWriter(new byte[1 + ProfileBytes]);
        row.Byte(Version);
        Profile(ref row, profile);
        return row.Written.ToArray();
    }

    public static RankingProfile ReadProfile(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("ranking", value);
        row.Version(Version);
        var profile = Profile(ref row);
        row.End();
        return profile;
    }

    public static ReadOnlySpan<byte> Write(Span<byte> room, Experiment experiment)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Text(experiment.Name);
        row.Int64(experiment.StartedUnixMs);
        row.Int64(experiment.EndedUnixMs);
        row.Text(experiment.EndReason);
        Float(ref row, experiment.RiseMax);
        row.VarInt((uint)experiment.Variants.Count);
        foreach (var variant in experiment.Variants)
        {
            row.Text(variant.Name);
            Float(ref row, variant.Share);
            Profile(ref row, variant.Profile);
        }
        return row.Written;
    }

    public static Experiment ReadExperiment(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var id = new RowReader("ranking", key[1..]).UInt32();
        var row = new RowReader("ranking", value);
        row.Version(Version);
        var (name, started, ended, reason, rise) = (row.Text(), row.Int64(), row.Int64(), row.Text(), Float(ref row));
        var variants = new Variant[Math.Min(row.VarInt(), Experiment.VariantsMax)];
        for (var v = 0; v < variants.Length; v++)
            variants[v] = new Variant(row.Text(), Float(ref row), Profile(ref row));
        row.End();
        return new Experiment(id, name, started, ended, reason, rise, variants);
    }

    public static ReadOnlySpan<byte> Write(Span<byte> room, scoped in Tally tally)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Byte(tally.Variant);
        foreach (var count in (ReadOnlySpan<int>)[tally.Pages, tally.Errors, tally.Likes, tally.Comments, tally.Shares, tally.Hides])
            row.VarInt((uint)count);
        return row.Written;
    }

    public static Tally ReadTally(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var reader = new UserId(new RowReader("ranking", key[5..]).UInt32());
        var row = new RowReader("ranking", value);
        row.Version(Version);
        var tally = new Tally(reader, row.Byte(), Count(ref row), Count(ref row), Count(ref row), Count(ref row), Count(ref row), Count(ref row));
        row.End();
        return tally;

        static int Count(ref RowReader row) => (int)Math.Min(row.VarInt(), int.MaxValue);
    }

    public static ReadOnlySpan<byte> WritePosition(Span<byte> room, long position)
    {
        var row = new RowWriter(room);
        row.Byte(Version);
        row.Int64(position);
        return row.Written;
    }

    public static long ReadPosition(ReadOnlySpan<byte> value)
    {
        var row = new RowReader("ranking", value);
        row.Version(Version);
        var position = row.Int64();
        row.End();
        return position;
    }

    private static void Profile(ref RowWriter row, RankingProfile profile)
    {
        row.Byte((byte)profile.Decay);
        row.Byte((byte)((profile.UseModel ? Model : 0) | (profile.SeenLast ? SeenLast : 0)));
        row.Byte((byte)profile.PerAuthorMax);
        row.Byte((byte)profile.ExploreTop);
        row.Int64((long)profile.HalfLife.TotalMilliseconds);
        var (types, heads) = (profile.TypePreference, profile.HeadWeights);
        foreach (var number in (ReadOnlySpan<float>)
            [
                profile.Prior, profile.LikeWeight, profile.CommentWeight, profile.ShareWeight, profile.AffinityWeight, types[0], types[1], types[2],
                types[3], heads.Like, heads.Comment, heads.Share, heads.Hide, profile.FairnessMax, profile.ExploreShare,
            ])
            Float(ref row, number);
    }

    private static RankingProfile Profile(ref RowReader row)
    {
        var (decay, flags, perAuthor, top, halfLifeMs) = ((Decay)row.Byte(), row.Byte(), row.Byte(), row.Byte(), row.Int64());
        return new RankingProfile
        {
            Decay = decay,
            UseModel = (flags & Model) != 0,
            SeenLast = (flags & SeenLast) != 0,
            PerAuthorMax = perAuthor,
            ExploreTop = top,
            HalfLife = TimeSpan.FromMilliseconds(halfLifeMs),
            Prior = Float(ref row),
            LikeWeight = Float(ref row),
            CommentWeight = Float(ref row),
            ShareWeight = Float(ref row),
            AffinityWeight = Float(ref row),
            TypePreference = [Float(ref row), Float(ref row), Float(ref row), Float(ref row)],
            HeadWeights = new HeadWeights(Float(ref row), Float(ref row), Float(ref row), Float(ref row)),
            FairnessMax = Float(ref row),
            ExploreShare = Float(ref row),
        };
    }

    private static void Float(ref RowWriter row, float value) => row.UInt32(BitConverter.SingleToUInt32Bits(value));

    private static float Float(ref RowReader row) => BitConverter.UInt32BitsToSingle(row.UInt32());
}
