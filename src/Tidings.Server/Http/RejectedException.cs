using Tidings.Client.Wire;

namespace Tidings.Server.Http;

/// <summary>
/// A request whose parts can't be bound: thrown before its handler runs, answered by <see cref="Guard"/>. Handlers themselves return problems.
/// </summary>
public sealed class RejectedException(Rejection rejection, IReadOnlyList<FieldError>? errors = null) : Exception(rejection.Detail)
{
    public Rejection Rejection => rejection;

    public IReadOnlyList<FieldError>? Errors => errors;

    /// <summary>Decides the status where the kind of rejection does not.</summary>
    public int? Status { get; init; }
}
