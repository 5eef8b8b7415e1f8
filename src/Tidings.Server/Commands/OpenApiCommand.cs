using System.CommandLine;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tidings.Server.Hosting;
using Tidings.Server.Http;

namespace Tidings.Server.Commands;

/// <summary>Writes the OpenAPI document, for <c>docs/openapi.json</c>. The server is put together over an empty record in a folder that is thrown away,
/// and never listens.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var command = new Command("openapi", "Writes the OpenAPI document of this version.");
        command.SetAction(async (_, ct) =>
        {
            Console.Out.Write(await DocumentAsync(ct));
            return 0;
        });
        return command;
    }

    private static async Task<string> DocumentAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("tidings-openapi-");
        try
        {
            var options = new ServeOptions { DataFolder = Path.Combine(folder.FullName, "data"), FreeMib = 0, InboxMib = 16, HotPosts = 1_024 };
            await using var server = await TidingsServer.OpenAsync(options, TimeProvider.System, null, null, ct);
            var documents = server.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDocument.Name);
            var document = await documents.GetOpenApiDocumentAsync(ct);
            return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
