using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;
using Tidings.Client.Wire;

namespace Tidings.Server.Http;

/// <summary>The body of a write: one JSON object of exactly the members that <typeparamref name="T"/> has, read whole and then parsed.</summary>
public sealed record Body<T>(T Value) : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly JsonTypeInfo<T> Type = (JsonTypeInfo<T>)WireJson.Wire.GetTypeInfo(typeof(T))!;

    /// <exception cref="RejectedException">The content type or the body is wrong; names every field at fault.</exception>
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!context.Request.HasJsonContentType())
            throw new RejectedException(NotJson) { Status = StatusCodes.Status415UnsupportedMediaType };

        var reader = context.Request.BodyReader;
        var bytes = await ReadWholeAsync(reader, context.RequestAborted);
        try
        {
            return new Body<T>(Parse(bytes));
        }
        catch (JsonException e)
        {
            throw BodyFaults.Explain(Type, bytes, e);
        }
        finally
        {
            reader.AdvanceTo(bytes.End);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    private static async ValueTask<ReadOnlySequence<byte>> ReadWholeAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.IsCompleted)
                return read.Buffer;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static T Parse(in ReadOnlySequence<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        var value = JsonSerializer.Deserialize(ref json, Type);
        // Throws where anything but white space follows.
        json.Read();
        return value ?? throw new JsonException("The body is null.");
    }

    private static readonly Rejection NotJson =
        new(RejectionKind.Invalid, "json_needed", "The body is JSON: send Content-Type: application/json.");
}
