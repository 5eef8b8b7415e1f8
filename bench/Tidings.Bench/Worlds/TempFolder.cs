namespace Tidings.Bench.Worlds;

/// <summary>A folder that goes when it is disposed.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tidings-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
