using System.Security.Cryptography;
using System.Text;
using Tidings.Server.Hosting;

namespace Tidings.Server.Web;

/// <summary>
/// The files of <c>wwwroot</c>, which are inside the program, so that it needs no folder beside it. They are served under a version that is the
/// hash of them all: a browser keeps them for good, the modules' relative imports stay within one version, and a new program is a new version.
/// The page itself names the version and is asked for anew each time.
/// </summary>
internal sealed class WebFiles
{
    private const string Prefix = "wwwroot/", PageName = "index.html";

    /// <summary>How the page writes the version that isn't known before the program is built.</summary>
    private const string VersionMark = "/assets/version/";

    /// <summary>Where the page names the modules, so that they are fetched together and not one import after the other.</summary>
    private const string ModulesMark = "<!-- modules -->";

    /// <summary>Where the page says whether this is a demo, whose people can be tried: nobody else has to ask.</summary>
    private const string RootMark = "<html lang=\"en\">";

    private readonly Dictionary<string, WebFile> _files = [];

    public WebFiles(ServeOptions options)
    {
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var assembly = typeof(WebFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
            contents.Add(name[Prefix.Length..].Replace('\\', '/'), Read(assembly.GetManifestResourceStream(name)!));

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, bytes) in contents)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData(bytes);
            _files.Add(path, new WebFile(path, bytes));
        }
        Version = Convert.ToHexStringLower(hash.GetHashAndReset())[..12];

        var page = Encoding.UTF8.GetString(contents[PageName])
            .Replace(RootMark, options.Demo ? RootMark[..^1] + " data-demo>" : RootMark)
            .Replace(ModulesMark, string.Join("\n  ", contents.Keys.Where(IsModule).Select(path => $"<link rel=\"modulepreload\" href=\"{VersionMark}{path}\">")))
            .Replace(VersionMark, $"/assets/{Version}/");
        Page = new WebFile(PageName, Encoding.UTF8.GetBytes(page));
        _files.Remove(PageName);
    }

    public string Version { get; }

    public WebFile Page { get; }

    public IReadOnlyCollection<string> Paths => _files.Keys;

    public WebFile? Find(string version, string path) => version == Version ? _files.GetValueOrDefault(path) : null;

    private static bool IsModule(string path) => path.StartsWith("js/", StringComparison.Ordinal) && path != "js/first-paint.js";

    private static byte[] Read(Stream stream)
    {
        using var _ = stream;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
