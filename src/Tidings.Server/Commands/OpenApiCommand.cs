using System.CommandLine;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tidings.Server.Hosting;
using Tidings.Server.Http;

namespace Tidings.Server.Commands;

/// <summary>Writes the OpenAPI document, for <c>docs/openapi.json</c>. A server is started for it, over an empty record in a folder that
/// is thrown away and on a free port: the endpoints are there once it runs.</summary>
internal static class OpenApiCommand
{
    public static Command Create()
    {
        var command = new Command("openapi", "Writes the OpenAPI document of this version.");
        command.SetAction(async (_, ct) =>
        {
            Console.Out.WriteLine(await DocumentAsync(ct));
            return 0;
        });
        return command;
    }

    private static async Task<string> DocumentAsync(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("tidings-openapi-");
        try
        {
            var options = new ServeOptions { DataFolder = Path.Combine(folder.FullName, "data"), Urls = "http://127.0.0.1:0", FreeMib = 0, InboxMib = 16, HotPosts = 1_024 };
            await using var server = await TidingsServer.OpenAsync(options, TimeProvider.System, null, null, ct);
            await server.StartAsync(ct);
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
