using System.CommandLine;
using Tidings.Embedded;
using Tidings.Server.Hosting;

namespace Tidings.Server.Commands;

/// <summary><c>tidings new-admin-key</c>: whoever can write the folder is the operator, and gets a new key for a lost one.</summary>
internal static class NewAdminKeyCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the record of a stopped server.",
        DefaultValueFactory = _ => "./data",
    };

    public static Command Create()
    {
        var command = new Command("new-admin-key", "Make another admin key for a stopped server, and revoke the one before.") { Data };
        command.SetAction((line, ct) => RunAsync(line.GetRequiredValue(Data), ct));
        return command;
    }

    private static async Task<int> RunAsync(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"tidings: there is no folder {folder}.");
            return 2;
        }
        try
        {
            await using var profile = await EmbeddedProfile.OpenAsync(new EmbeddedOptions { DataFolder = folder }, TimeProvider.System, null, ct);
            Console.Out.WriteLine(await AdminKey.ReplaceAsync(profile.Credentials, ct));
            return 0;
        }
        catch (RecordException e)
        {
            Console.Error.WriteLine($"tidings: {e.Message}");
            return 3;
        }
    }
}
