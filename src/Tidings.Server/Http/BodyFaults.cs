using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tidings.Client.Wire;

namespace Tidings.Server.Http;

/// <summary>
/// Says what is wrong with a body that could not be read, field by field. The serializer stops at the first fault and tells it in terms of
/// our types, so a refused body is looked through once more.
/// </summary>
internal static class BodyFaults
{
    /// <summary>No body has anywhere near as many members: what follows is not looked at.</summary>
    private const int FaultsMax = 20;

    public static RejectedException Explain(JsonTypeInfo type, in ReadOnlySequence<byte> bytes, JsonException cause)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = type.Options.MaxDepth });
        }
        catch (JsonException malformed)
        {
            return new RejectedException(new Rejection(
                RejectionKind.Invalid, "malformed_json",
                $"The body is not JSON: line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}."));
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return new RejectedException(new Rejection(RejectionKind.Invalid, "malformed_json", "The body is one JSON object."));
            var faults = Faults(type, document.RootElement, cause).Take(FaultsMax).ToArray();
            return new RejectedException(Rejection.Invalid(faults[0].Field, $"{faults[0].Field}: {faults[0].Rule}"), faults);
        }
    }

    private static IEnumerable<FieldError> Faults(JsonTypeInfo type, JsonElement body, JsonException cause)
    {
        var found = false;
        foreach (var member in body.EnumerateObject())
        {
            if (type.Properties.Any(p => p.Name == member.Name))
                continue;
            found = true;
            yield return new FieldError(member.Name, "There is no such field here.");
        }
        foreach (var property in type.Properties)
        {
            if (!property.IsRequired || body.TryGetProperty(property.Name, out _))
                continue;
            found = true;
            yield return new FieldError(property.Name, "This field is required.");
        }
        if (!found)
            yield return OfValue(type, body, cause);
    }

    private static FieldError OfValue(JsonTypeInfo type, JsonElement body, JsonException cause)
    {
        var property = type.Properties.FirstOrDefault(p => IsAt(cause.Path, p.Name));
        if (property is null)
            return new FieldError("body", "One JSON object with nothing after it.");
        var given = body.EnumerateObject().Count(m => m.Name == property.Name);
        return new FieldError(property.Name, given > 1 ? "This field is given twice." : RuleOf(property.PropertyType));
    }

    private static bool IsAt(string? path, string name) =>
        path is not null && path.StartsWith($"$.{name}", StringComparison.Ordinal)
        && (path.Length == name.Length + 2 || path[name.Length + 2] is '.' or '[');

    private static string RuleOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return $"One of: {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}.";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => "A string.",
            TypeCode.Boolean => "true or false.",
            TypeCode.Int32 or TypeCode.Int64 => "A whole number.",
            TypeCode.Single or TypeCode.Double => "A number.",
            _ when type == typeof(IReadOnlyList<string>) => "A list of strings.",
            _ => typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? "A list." : "A JSON object.",
        };
    }
}
