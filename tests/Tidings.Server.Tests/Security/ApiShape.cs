using System.Text.Json;

namespace Tidings.Server.Tests.Security;

/// <summary>What the API document says, as tests need it: operations, the shapes of bodies and answers.</summary>
internal sealed class ApiShape
{
    private readonly JsonElement _root;

    private ApiShape(JsonElement root) => _root = root;

    public static async Task<ApiShape> ReadAsync(RunningServer server) =>
        new(JsonDocument.Parse(await server.Anonymous.SendAsync("GET", "/openapi/v1.json").TextAsync()).RootElement);

    public IEnumerable<Operation> Operations =>
        from path in _root.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select new Operation(operation.Name.ToUpperInvariant(), path.Name, BodyOf(operation.Value), AnswerOf(operation.Value));

    /// <summary>The members that an object of the schema may have; null where it isn't an object with named members.</summary>
    public IReadOnlyDictionary<string, JsonElement>? MembersOf(JsonElement schema)
    {
        schema = Resolve(schema);
        return schema.TryGetProperty("properties", out var members) ? members.EnumerateObject().ToDictionary(m => m.Name, m => m.Value) : null;
    }

    public JsonElement Resolve(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Resolve(_root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]));
        // A member that may be null is one of null and the type.
        if (schema.TryGetProperty("oneOf", out var several))
            return Resolve(several.EnumerateArray().First(s => !(s.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String && t.GetString() == "null")));
        return schema;
    }

    /// <returns>The paths of members that the value has and the schema hasn't.</returns>
    public IEnumerable<string> Beyond(JsonElement value, JsonElement schema, string at)
    {
        schema = Resolve(schema);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            return value.EnumerateArray().SelectMany(item => Beyond(item, items, at + "[]"));
        if (value.ValueKind != JsonValueKind.Object || MembersOf(schema) is not { } members)
            return [];
        return value.EnumerateObject().SelectMany(member => members.TryGetValue(member.Name, out var known)
            ? Beyond(member.Value, known, $"{at}.{member.Name}")
            : [$"{at}.{member.Name}"]);
    }

    private static JsonElement? BodyOf(JsonElement operation) =>
        operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var json)
            ? json.GetProperty("schema")
            : null;

    private static JsonElement? AnswerOf(JsonElement operation)
    {
        var answer = operation.GetProperty("responses").EnumerateObject().FirstOrDefault(r => r.Name[0] == '2');
        return answer.Value.ValueKind == JsonValueKind.Object && answer.Value.TryGetProperty("content", out var content)
            && content.TryGetProperty("application/json", out var json) ? json.GetProperty("schema") : null;
    }
}

internal sealed record Operation(string Method, string Path, JsonElement? Body, JsonElement? Answer)
{
    public bool IsAdmins => Path.StartsWith("/v1/admin", StringComparison.Ordinal);
}
