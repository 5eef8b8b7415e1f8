using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Tidings.Client.Wire;

namespace Tidings.Server.Http;

/// <summary>Which page of a list: <c>limit</c> (1 to 100, default 20) and <c>cursor</c>.</summary>
public readonly record struct PageQuery(
    [property: FromQuery(Name = PageQuery.LimitName)] string? LimitText,
    [property: FromQuery(Name = PageQuery.CursorName)] string? Cursor)
{
    public const string LimitName = "limit", CursorName = "cursor";
    public const int LimitMax = 100, LimitDefault = 20;

    private static readonly Rejection BadLimit = Rejection.Invalid(LimitName, $"A limit is a number from 1 to {LimitMax}.");

    private static readonly Rejection BadCursor =
        new(RejectionKind.Invalid, "invalid_cursor", "The cursor was not made by this list.", CursorName);

    /// <exception cref="RejectedException">Not a number in the range.</exception>
    public int Limit => LimitText is null ? LimitDefault
        : int.TryParse(LimitText, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax
            ? limit
            : throw new RejectedException(BadLimit);

    /// <summary>The id after which a simple list goes on: 0 at its beginning. The cursor is the id's 8 bytes, big endian, in base64url.</summary>
    /// <exception cref="RejectedException">Not such a cursor.</exception>
    public long After
    {
        get
        {
            if (Cursor is null)
                return 0;
            Span<byte> id = stackalloc byte[sizeof(long)];
            if (Cursor.Length != Base64Url.GetEncodedLength(sizeof(long))
                || !Base64Url.IsValid(Cursor) || !Base64Url.TryDecodeFromChars(Cursor, id, out var written) || written != sizeof(long))
                throw new RejectedException(BadCursor);
            var value = BinaryPrimitives.ReadInt64BigEndian(id);
            return value > 0 ? value : throw new RejectedException(BadCursor);
        }
    }

    public static string? CursorAfter(long id)
    {
        if (id == 0)
            return null;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        return Base64Url.EncodeToString(bytes);
    }

    /// <param name="next">The id after which the next page begins: 0 at the end.</param>
    public IResult Answer<T>(HttpContext http, IReadOnlyList<T> items, long next, JsonTypeInfo<Page<T>> type)
    {
        var cursor = CursorAfter(next);
        Link(http, cursor);
        return Answers.Json(new Page<T>(items, cursor), type);
    }

    /// <summary>Tells the next page in the <c>Link</c> header too (RFC 8288), as a reference to this server.</summary>
    public void Link(HttpContext http, string? next, string? filter = null)
    {
        if (next is not null)
            http.Response.Headers.Link =
                $"<{http.Request.Path.ToUriComponent()}?{filter}{LimitName}={Limit}&{CursorName}={next}>; rel=\"next\"";
    }
}
