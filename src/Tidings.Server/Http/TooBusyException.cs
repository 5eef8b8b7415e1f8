using System.Globalization;

namespace Tidings.Server.Http;

/// <summary>A limit on how often or how many at once is reached: try again later.</summary>
public sealed class TooBusyException(int status, string code, string detail, TimeSpan retryAfter) : Exception(detail)
{
    public int Status => status;

    public string Code => code;

    public string RetryAfterSeconds { get; } =
        Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
