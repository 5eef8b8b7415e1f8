using System.Globalization;

namespace Tidings.Server.Http;

/// <summary>
/// A post's version as a strong entity tag: it guards edits (<c>If-Match</c>). Counters are beside it: they change without a new version, so
/// <c>If-None-Match</c> is not honoured.
/// </summary>
internal static class ETags
{
    public const string IfMatchHeader = "If-Match";

    /// <summary>Of all new posts, and most others.</summary>
    private const string First = "\"1\"";

    public static readonly Rejection Mismatch =
        new(RejectionKind.Conflict, "version_conflict", "The post has another version than If-Match names: read it again.");

    public static void Set(HttpContext http, int version) =>
        http.Response.Headers.ETag = version == 1 ? First : string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <returns>Null where any version will do.</returns>
    /// <exception cref="RejectedException">It is no strong tag in quotes, or one that no post can have: that matches none.</exception>
    public static int? IfMatch(string? tag)
    {
        if (tag is null or "*")
            return null;
        if (tag is ['"', .., '"'] && int.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            return version;
        if (tag is not (['"', .., '"'] or ['W', '/', '"', .., '"']))
            throw new RejectedException(Rejection.Invalid(IfMatchHeader, "A post's ETag as it was given, in quotes, or *."));
        throw new RejectedException(Mismatch) { Status = StatusCodes.Status412PreconditionFailed };
    }
}
