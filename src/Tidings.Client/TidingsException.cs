using Tidings.Client.Wire;

namespace Tidings.Client;

/// <summary>The server refused or failed.</summary>
/// <param name="problem">What it said; null where something before the server answered.</param>
/// <param name="retryAfter">When to try again, where it said so.</param>
public sealed class TidingsException(int status, Problem? problem, TimeSpan? retryAfter)
    : Exception(problem is null ? $"The server answered {status}." : $"{status} {problem.Code}: {problem.Detail}")
{
    public int Status => status;

    /// <summary>Stable: switch on it.</summary>
    public string Code => problem?.Code ?? "";

    public Problem? Problem => problem;

    public TimeSpan? RetryAfter => retryAfter;
}
