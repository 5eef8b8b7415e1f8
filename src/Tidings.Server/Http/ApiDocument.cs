using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tidings.Server.Admin;
using Tidings.Server.Security;

namespace Tidings.Server.Http;

/// <summary>The OpenAPI document: made from the endpoints, served at <c>/openapi/v1.json</c>, and checked in as <c>docs/openapi.json</c>.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) =>
        services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer(DescribeAsync);
            options.AddOperationTransformer(RefineAsync);
            options.AddSchemaTransformer(RefineAsync);
        });

    public static void MapApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/openapi/{documentName}.json").IsFor(Access.Anyone);

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Tidings",
            Version = ServerStatus.Version,
            Description = "A personalised news feed: people post, follow and befriend; each person reads one ranked feed.",
        };
        // Where the server is reached is for whoever runs it to say.
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Admission.Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A session's token; a service key, with On-Behalf-Of naming the person for whom it acts; or an admin key.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task RefineAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (AccessRules.Of(context.Description.ActionDescriptor.EndpointMetadata) != Access.Anyone)
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Admission.Scheme, context.Document)] = [] },
            ];
        }
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Schema = parameter.Name switch
            {
                PageQuery.LimitName => new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{PageQuery.LimitMax}", Default = JsonValue.Create(PageQuery.LimitDefault),
                },
                "order" => new OpenApiSchema
                {
                    Type = JsonSchemaType.String, Enum = [JsonValue.Create("ranked"), JsonValue.Create("latest")], Default = JsonValue.Create("ranked"),
                },
                _ => new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
        return Task.CompletedTask;
    }

    /// <summary>Times have a converter of their own, which the generator can't look into.</summary>
    private static Task RefineAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            schema.Type = type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        return Task.CompletedTask;
    }
}
