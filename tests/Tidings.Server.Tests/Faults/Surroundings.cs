using System.Globalization;
using System.Runtime.CompilerServices;
using Tidings.Client;
using Xunit;

namespace Tidings.Server.Tests.Faults;

/// <summary>Tests that start, kill and starve processes take turns: two at once would only slow each other down.</summary>
[CollectionDefinition(nameof(FaultsCollection))]
public sealed class FaultsCollection;

/// <summary>What the environment sets for the long suites.</summary>
internal static class Settings
{
    private const string KillsName = "TIDINGS_KILLS", SeedName = "TIDINGS_SEED", SequencesName = "TIDINGS_SEQUENCES";

    private static readonly Dictionary<string, string?> Given = [];

    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    public static int Kills => Number(KillsName, 30);

    /// <summary>Another one each time, unless TIDINGS_SEED says which.</summary>
    public static int Seed => Number(SeedName, (int)(TimeProvider.System.GetUtcNow().Ticks % 1_000_000_000) + 1);

    /// <summary>
    /// Takes the settings of the tests out of the environment before any test runs: a server refuses variables of its prefix that it doesn't
    /// know, whether it runs in this process or in a child.
    /// </summary>
    [ModuleInitializer]
    internal static void Take()
    {
        foreach (var name in new[] { KillsName, SeedName, SequencesName, "TIDINGS_TEST_SECONDS" })
        {
            Given[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static int Number(string name, int otherwise) => Given[name] is not { Length: > 0 } text
        ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new InvalidOperationException($"{name} is '{text}': it is a number from 1.");
}

/// <summary>A data folder in the temporary folder, gone afterwards unless a test keeps it to be looked at.</summary>
internal sealed class DataFolder : IDisposable
{
    private bool _keep;

    public string Path { get; } = Directory.CreateTempSubdirectory("tidings-faults-").FullName;

    public void Keep() => _keep = true;

    public void Dispose()
    {
        if (!_keep)
            Directory.Delete(Path, recursive: true);
    }
}

/// <summary>The keys with which the tests write: the admin key that the first start prints, and a service key made with it.</summary>
internal sealed record Keys(string AdminKey, string ServiceKey)
{
    /// <summary>Starts on an empty folder, makes the keys, and stops.</summary>
    /// <param name="prepare">What else to do before it stops.</param>
    public static async Task<Keys> MakeAsync(string folder, Func<TidingsClient, Task>? prepare = null)
    {
        await using var server = await ServerProcess.ReadyAsync(folder);
        var admin = await server.AdminKeyAsync();
        var service = await server.Client(admin).MakeKeyAsync("faults", CancellationToken.None);
        if (prepare is not null)
            await prepare(server.Client(admin));
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
        return new Keys(admin, service.Key);
    }

    public TidingsClient Admin(ServerProcess server) => server.Client(AdminKey);

    public Func<string, TidingsClient> For(ServerProcess server) => person => server.Client(ServiceKey, person);
}

internal static class Quiet
{
    private const int AskedMax = 100_000;

    /// <summary>Asks until the fan-out has seen to everything.</summary>
    public static async Task WaitAsync(TidingsClient admin)
    {
        for (var asked = 0; asked < AskedMax; asked++)
        {
            if ((await admin.StatusAsync(CancellationToken.None)).FanOutLag == 0)
                return;
        }
        throw new WrongAnswerException($"The fan-out is still behind after {AskedMax} looks.");
    }
}
