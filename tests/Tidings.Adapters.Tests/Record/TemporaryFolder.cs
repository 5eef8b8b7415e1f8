namespace Tidings.Adapters.Tests.Record;

/// <summary>A folder that goes with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tidings-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Copies a folder as it stands, open or not: what a crash at this moment would leave.</summary>
    public static TemporaryFolder CopyOf(string source)
    {
        var copy = new TemporaryFolder();
        foreach (var folder in Directory.EnumerateDirectories(source, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(folder.Replace(source, copy.Path, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            if (System.IO.Path.GetFileName(file) is not ("LOCK" or "TIDINGS.lock"))
                File.Copy(file, file.Replace(source, copy.Path, StringComparison.Ordinal));
        }
        return copy;
    }
}
