using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Feeds;

/// <summary>A place in a walk through a feed.</summary>
/// <param name="Before">The walk has shown, or holds in its snapshot, everything from here on up; older posts are still to come.</param>
/// <param name="Snapshot">The ranked list being walked; 0 where the walk has none or has finished it.</param>
/// <param name="Offset">The next entry of the snapshot.</param>
/// <param name="Shown">Posts that the walk has shown; a cursor counts up to 65,535.</param>
/// <param name="Quality">How the snapshot's order was made.</param>
public readonly record struct FeedPlace(
    FeedOrder Order, PostId Before, SnapshotId Snapshot, int Offset, int Shown, FeedQuality Quality = FeedQuality.Full)
{
    public static FeedPlace Top(FeedOrder order) => new(order, PostId.Last, default, 0, 0);
}

/// <summary>
/// Cursors are places that only we can read: encrypted and authenticated with AES-256-GCM, bound to the reader, all of one length, so that
/// they tell nothing of ids, ranks or what was left out, and can't be made up or lent.
/// <code>
/// base64url of: nonce (12) │ ciphertext (38) │ tag (16)
/// plaintext:    version (1, = 1) │ order + 16 · quality (1) │ before (8) │ snapshot (8) │ offset (2) │ shown (2) │ expires, Unix ms (8) │ reader (8)     little endian
/// </code>
/// </summary>
public sealed class FeedCursors(byte[] key, TimeProvider clock)
{
    public const int KeyBytes = 32;

    /// <summary>How long a walk may pause.</summary>
    public static readonly TimeSpan Lifetime = ISnapshots.Lifetime;

    private const byte Version = 1;
    private const int QualityShift = 4, OrderMask = (1 << QualityShift) - 1;
    private const int NonceBytes = 12, TagBytes = 16, PlainBytes = 38;
    private const int TotalBytes = NonceBytes + PlainBytes + TagBytes;

    private readonly ThreadLocal<Sealer> _sealer = new(() => new Sealer(key));

    public static readonly Rejection Invalid =
        new(RejectionKind.Invalid, "invalid_cursor", "The cursor was not made by this server for this person and this order.", "cursor");

    public static readonly Rejection Expired =
        new(RejectionKind.Expired, "cursor_expired", "The walk paused too long: start again without a cursor.", "cursor");

    public string Seal(UserId reader, FeedPlace place)
    {
        Span<byte> plain = stackalloc byte[PlainBytes];
        plain[0] = Version;
        plain[1] = (byte)((int)place.Order | ((int)place.Quality << QualityShift));
        BinaryPrimitives.WriteInt64LittleEndian(plain[2..], place.Before.Value);
        BinaryPrimitives.WriteInt64LittleEndian(plain[10..], place.Snapshot.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(plain[18..], checked((ushort)place.Offset));
        BinaryPrimitives.WriteUInt16LittleEndian(plain[20..], (ushort)Math.Min(place.Shown, ushort.MaxValue));
        BinaryPrimitives.WriteInt64LittleEndian(plain[22..], (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64LittleEndian(plain[30..], reader.Value);

        Span<byte> total = stackalloc byte[TotalBytes];
        var sealer = _sealer.Value!;
        sealer.NextNonce(total[..NonceBytes]);
        sealer.Aes.Encrypt(
            total[..NonceBytes], plain, total.Slice(NonceBytes, PlainBytes), total[(NonceBytes + PlainBytes)..]);
        return Base64Url.EncodeToString(total);
    }

    /// <returns>The place; <c>invalid_cursor</c> for one that is not ours, not this reader's or of the other order; <c>cursor_expired</c>.</returns>
    public Result<FeedPlace> Open(UserId reader, FeedOrder order, ReadOnlySpan<char> cursor)
    {
        Span<byte> total = stackalloc byte[TotalBytes];
        // TryDecode throws on a character that is none of the 64.
        if (cursor.Length != Base64Url.GetEncodedLength(TotalBytes) || !Base64Url.IsValid(cursor)
            || !Base64Url.TryDecodeFromChars(cursor, total, out var written) || written != TotalBytes)
            return Invalid;

        Span<byte> plain = stackalloc byte[PlainBytes];
        try
        {
            _sealer.Value!.Aes.Decrypt(
                total[..NonceBytes], total.Slice(NonceBytes, PlainBytes), total[(NonceBytes + PlainBytes)..], plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return Invalid;
        }
        if (plain[0] != Version || (plain[1] & OrderMask) != (int)order || BinaryPrimitives.ReadInt64LittleEndian(plain[30..]) != reader.Value)
            return Invalid;
        if (BinaryPrimitives.ReadInt64LittleEndian(plain[22..]) <= clock.GetUtcNow().ToUnixTimeMilliseconds())
            return Expired;
        return new FeedPlace(
            order,
            new PostId(BinaryPrimitives.ReadInt64LittleEndian(plain[2..])),
            new SnapshotId(BinaryPrimitives.ReadInt64LittleEndian(plain[10..])),
            BinaryPrimitives.ReadUInt16LittleEndian(plain[18..]),
            BinaryPrimitives.ReadUInt16LittleEndian(plain[20..]),
            (FeedQuality)(plain[1] >> QualityShift));
    }

    /// <summary>What each thread seals with. Nonces come from the system's generator, many at a time, and each is given out once.</summary>
    private sealed class Sealer(byte[] key)
    {
        private const int NoncesAtOnce = 64;

        private readonly byte[] _nonces = new byte[NoncesAtOnce * NonceBytes];
        private int _given = NoncesAtOnce;

        public AesGcm Aes { get; } = new(key, TagBytes);

        public void NextNonce(Span<byte> into)
        {
            if (_given == NoncesAtOnce)
            {
                RandomNumberGenerator.Fill(_nonces);
                _given = 0;
            }
            _nonces.AsSpan(_given++ * NonceBytes, NonceBytes).CopyTo(into);
        }
    }
}
