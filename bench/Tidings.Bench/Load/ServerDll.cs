namespace Tidings.Bench.Load;

/// <summary>Where the server is that the bench starts.</summary>
internal static class ServerDll
{
    /// <exception cref="UsageException">There is none.</exception>
    public static string Of(Arguments line)
    {
        var dll = line.Text("--server", Path.Combine(RepositoryRoot(), "src/Tidings.Server/bin/Release/net10.0/Tidings.Server.dll"));
        return File.Exists(dll)
            ? dll
            : throw new UsageException($"There is no {dll}: build it with dotnet build -c Release src/Tidings.Server, or name another with --server.");
    }

    public static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Tidings.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? Environment.CurrentDirectory;
    }
}
