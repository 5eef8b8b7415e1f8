using System.Diagnostics.CodeAnalysis;

namespace Tidings;

/// <summary>Why a request was refused, in the caller's terms. Expected failures are values; exceptions are for bugs and broken machines.</summary>
public enum RejectionKind
{
    /// <summary>The request itself is wrong: a field is missing, too long, or not allowed.</summary>
    Invalid,
    /// <summary>No valid credentials.</summary>
    Unauthenticated,
    /// <summary>The caller is known and may not do this.</summary>
    Forbidden,
    /// <summary>There is no such thing, or the caller may not know that there is: the two are told apart nowhere.</summary>
    NotFound,
    /// <summary>The state of the record does not allow it: a handle is taken, a version is old.</summary>
    Conflict,
    /// <summary>An idempotency key came back with another body.</summary>
    KeyReused,
    /// <summary>A cursor or token was valid once and is not any more: start again.</summary>
    Expired,
    /// <summary>A limit of the person or the list is reached.</summary>
    LimitReached,
}

/// <param name="Kind">Decides the HTTP status.</param>
/// <param name="Code">Stable and machine-readable, snake_case: clients switch on it.</param>
/// <param name="Detail">One sentence for the developer who reads it, with the rule that was broken.</param>
/// <param name="Field">The field of the request that broke the rule, where one did.</param>
public sealed record Rejection(RejectionKind Kind, string Code, string Detail, string? Field = null)
{
    public static Rejection Invalid(string field, string rule) => new(RejectionKind.Invalid, "invalid_field", rule, field);

    public static Rejection NotFound(string what) => new(RejectionKind.NotFound, $"{what}_not_found", $"There is no such {what}.");

    public static Rejection Limit(string code, string detail) => new(RejectionKind.LimitReached, code, detail);
}

/// <summary>A value, or the reason why there is none.</summary>
public readonly struct Result<T>
{
    private readonly T _value;

    private Result(T value, Rejection? rejection)
    {
        _value = value;
        Rejection = rejection;
    }

    public Rejection? Rejection { get; }

    [MemberNotNullWhen(false, nameof(Rejection))]
    public bool IsOk => Rejection is null;

    /// <exception cref="InvalidOperationException">The result is a rejection: ask <see cref="IsOk"/> first.</exception>
    public T Value => Rejection is null ? _value : throw new InvalidOperationException($"Rejected: {Rejection.Code}. {Rejection.Detail}");

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Rejection rejection) => new(default!, rejection);
}
