using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>Why a request failed: RFC 9457, <c>application/problem+json</c>.</summary>
/// <param name="Code">Stable: switch on it.</param>
/// <param name="TraceId">Names the request in the server's logs.</param>
/// <param name="Errors">The fields at fault, where there are any.</param>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Code, string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FieldError>? Errors = null);

/// <param name="Field">As the request names it.</param>
/// <param name="Rule">What it has to be.</param>
public sealed record FieldError(string Field, string Rule);
