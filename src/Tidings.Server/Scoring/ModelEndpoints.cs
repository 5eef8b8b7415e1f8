using Tidings.Client.Wire;
using Tidings.Models;
using Tidings.Ranking;
using Tidings.Server.Http;

namespace Tidings.Server.Scoring;

/// <summary>The model that ranks: which it is, another one, back to the one before, and one in its shadow.</summary>
internal static class ModelEndpoints
{
    private const string OctetStream = "application/octet-stream";
    private const int EveryMax = 1_000_000, EveryDefault = 20;

    public static void MapModel(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/model", Get).WithName("model").WithSummary("The model that ranks, and its shadow").Says<ModelView>(200, 401, 403);
        admin.MapPut("/model", PutAsync).WithName("put_model").WithSummary("Another model ranks from the next page on: ONNX, LightGBM text or XGBoost JSON")
            .Accepts<byte[]>(OctetStream).Says<ModelView>(200, 400, 401, 403, 413, 415, 507);
        admin.MapPost("/model/rollback", RollBack).WithName("roll_back_model").WithSummary("Back to the model before").Says<ModelView>(200, 401, 403, 409);
        admin.MapPut("/model/shadow", PutShadowAsync).WithName("put_shadow").WithSummary("A model that scores each so many batches and is only counted")
            .Accepts<byte[]>(OctetStream).Says<ModelView>(200, 400, 401, 403, 409, 413, 415);
        admin.MapDelete("/model/shadow", DropShadow).WithName("drop_shadow").WithSummary("No shadow any more").SaysNothing(401, 403);
    }

    private static IResult Get(ModelShelf shelf) => View(shelf);

    private static async Task<IResult> PutAsync(HttpContext http, ModelShelf shelf, string? name, CancellationToken ct)
    {
        try
        {
            shelf.Put(await ReadAsync(http, ct), NameOf(name));
            return View(shelf);
        }
        catch (ModelFileException e)
        {
            return Refused(e);
        }
    }

    private static IResult RollBack(ModelShelf shelf) => shelf.RollBack() ? View(shelf) : Problems.Answer(NothingBefore);

    private static async Task<IResult> PutShadowAsync(HttpContext http, ModelShelf shelf, string? name, int? every, CancellationToken ct)
    {
        if (every is < 1 or > EveryMax)
            return Problems.Answer(Rejection.Invalid("every", $"A number from 1 to {EveryMax}."));
        try
        {
            return shelf.PutShadow(await ReadAsync(http, ct), NameOf(name), every ?? EveryDefault) ? View(shelf) : Problems.Answer(NothingToShadow);
        }
        catch (ModelFileException e)
        {
            return Refused(e);
        }
    }

    private static IResult DropShadow(ModelShelf shelf)
    {
        shelf.DropShadow();
        return TypedResults.NoContent();
    }

    /// <exception cref="RejectedException">It is sent as something else.</exception>
    /// <exception cref="BadHttpRequestException">It is larger than a model may be.</exception>
    private static async Task<byte[]> ReadAsync(HttpContext http, CancellationToken ct)
    {
        if (http.Request.ContentType != OctetStream)
            throw new RejectedException(NotBytes) { Status = StatusCodes.Status415UnsupportedMediaType };
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = ModelLimits.FileBytesMax;
        using var file = new MemoryStream();
        await http.Request.Body.CopyToAsync(file, ct);
        return file.ToArray();
    }

    private static string NameOf(string? name) => string.IsNullOrWhiteSpace(name) ? "model" : name.Length > ModelLimits.NameCharsMax ? name[..ModelLimits.NameCharsMax] : name;

    private static IResult Refused(ModelFileException e) => Problems.Answer(new Rejection(RejectionKind.Invalid, "model_refused", e.Message));

    private static IResult View(ModelShelf shelf)
    {
        var shadow = shelf.Shadowed is { } shadowed ? ViewOf(shadowed) : null;
        var server = shelf.Server is { } asked ? new ModelServerView(asked.Options.ModelName, asked.Options.Server.ToString(), asked.IsBroken) : null;
        return Answers.Json(new ModelView(shelf.Current is { } current ? Names(current) : null, shelf.Previous is { } previous ? Names(previous) : null, shadow, server),
            WireJson.Wire.ModelView);
    }

    private static ShadowView ViewOf(ShadowedModel shadowed)
    {
        var counts = shadowed.Counts;
        return new ShadowView(shadowed.Shadow.Name, shadowed.Shadow.Version, shadowed.Every, counts.Batches, counts.Candidates, counts.Failures,
            counts.MeanDifference, counts.TopKept);
    }

    private static ModelNames Names(IRankingModel model) => new(model.Name, model.Version);

    private static readonly Rejection NotBytes =
        new(RejectionKind.Invalid, "bytes_needed", "The body is the model's file: send Content-Type: application/octet-stream.");

    private static readonly Rejection NothingBefore =
        new(RejectionKind.Conflict, "nothing_before", "No model was put in: what the server started with ranks.");

    private static readonly Rejection NothingToShadow =
        new(RejectionKind.Conflict, "nothing_to_shadow", "No model ranks: there is nothing that a shadow could be held against.");
}
