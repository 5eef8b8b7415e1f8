using Tidings.Embedded;

namespace Tidings.Server.Tests.Simulation;

/// <summary>A folder for a record, gone with the test.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tidings-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "data");

    public EmbeddedOptions Options => new() { DataFolder = Path, Durability = Durability.Interval, HotPostsMax = 65_536, FreeBytesMin = 0 };

    public Task<EmbeddedProfile> OpenAsync(TimeProvider clock, CancellationToken ct) => EmbeddedProfile.OpenAsync(Options, clock, null, ct);

    public void Dispose() => _folder.Delete(recursive: true);
}
