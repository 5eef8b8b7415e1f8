using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Tidings.Ranking;

namespace Tidings.ModelServers;

/// <summary>What both REST protocols share: a JSON body out, a limited JSON body back.</summary>
internal abstract class RestCall(HttpClient http, string path) : IModelCall
{
    /// <summary>200 candidates have 800 numbers: this is room for some hundred times as much.</summary>
    private const int AnswerBytesMax = 2 * 1024 * 1024;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task PredictAsync(ReadOnlyMemory<float> features, int candidates, Memory<float> heads, CancellationToken ct)
    {
        var body = new ArrayBufferWriter<byte>(features.Length * 12);
        using (var json = new Utf8JsonWriter(body))
            Write(json, features.Span, candidates);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = Json } } };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!answer.IsSuccessStatusCode)
            throw new ModelServerException($"The model server answers {(int)answer.StatusCode}.");
        await answer.Content.LoadIntoBufferAsync(AnswerBytesMax, ct);
        await using var stream = await answer.Content.ReadAsStreamAsync(ct);
        try
        {
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: ct);
            Read(document.RootElement, candidates, heads.Span);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelServerException($"The model server's answer is not what its protocol has: {e.Message}", e);
        }
        HeadsAnswer.CheckValues(heads.Span);
    }

    public void Dispose() => http.Dispose();

    protected abstract void Write(Utf8JsonWriter json, ReadOnlySpan<float> features, int candidates);

    protected abstract void Read(JsonElement answer, int candidates, Span<float> heads);

    protected static void Copy(JsonElement numbers, Span<float> into)
    {
        if (numbers.GetArrayLength() != into.Length)
            throw new ModelServerException($"The model server answers {numbers.GetArrayLength()} numbers where {into.Length} are.");
        var i = 0;
        foreach (var number in numbers.EnumerateArray())
            into[i++] = number.GetSingle();
    }
}

/// <summary>TensorFlow Serving: <c>POST /v1/models/{model}:predict</c>, a row of numbers for each instance.</summary>
internal sealed class TensorFlowRestCall(ModelServerOptions options, HttpClient http)
    : RestCall(http, $"/v1/models/{Uri.EscapeDataString(options.ModelName)}:predict")
{
    protected override void Write(Utf8JsonWriter json, ReadOnlySpan<float> features, int candidates)
    {
        json.WriteStartObject();
        json.WriteString("signature_name", "serving_default");
        json.WriteStartArray("instances");
        for (var i = 0; i < candidates; i++)
        {
            json.WriteStartArray();
            foreach (var value in features.Slice(i * Features.Count, Features.Count))
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A row for each instance; of a model with several outputs an object, in which ours is named.</summary>
    protected override void Read(JsonElement answer, int candidates, Span<float> heads)
    {
        var rows = answer.GetProperty("predictions");
        if (rows.GetArrayLength() != candidates)
            throw new ModelServerException($"The model server answers {rows.GetArrayLength()} rows where {candidates} are.");
        var i = 0;
        foreach (var row in rows.EnumerateArray())
            Copy(row.ValueKind == JsonValueKind.Object ? row.GetProperty(options.Output) : row, heads.Slice(i++ * Heads.Count, Heads.Count));
    }
}

/// <summary>The Open Inference Protocol: <c>POST /v2/models/{model}/infer</c>, the numbers of all rows in one list.</summary>
internal sealed class OpenInferenceRestCall(ModelServerOptions options, HttpClient http)
    : RestCall(http, $"/v2/models/{Uri.EscapeDataString(options.ModelName)}/infer")
{
    protected override void Write(Utf8JsonWriter json, ReadOnlySpan<float> features, int candidates)
    {
        json.WriteStartObject();
        json.WriteStartArray("inputs");
        json.WriteStartObject();
        json.WriteString("name", options.Input);
        json.WriteStartArray("shape");
        json.WriteNumberValue(candidates);
        json.WriteNumberValue(Features.Count);
        json.WriteEndArray();
        json.WriteString("datatype", HeadsAnswer.FloatType);
        json.WriteStartArray("data");
        foreach (var value in features)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("outputs");
        json.WriteStartObject();
        json.WriteString("name", options.Output);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    protected override void Read(JsonElement answer, int candidates, Span<float> heads)
    {
        foreach (var output in answer.GetProperty("outputs").EnumerateArray())
        {
            if (output.GetProperty("name").GetString() != options.Output)
                continue;
            HeadsAnswer.CheckShape([.. output.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())], candidates);
            Copy(output.GetProperty("data"), heads);
            return;
        }
        throw new ModelServerException($"The model server does not answer {options.Output}.");
    }
}
