using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tidings.Server.Hosting;

namespace Tidings.Server.Web;

/// <summary>
/// The files of <c>wwwroot</c>, which are inside the program, so that it needs no folder beside it. They are served under a version that is the
/// hash of them all: a browser keeps them for good, the modules' relative imports stay within one version, and a new program is a new version.
/// The pages themselves name the version and are asked for anew each time.
/// </summary>
internal sealed partial class WebFiles
{
    private const string Prefix = "wwwroot/", PageName = "index.html", ConsoleName = "console.html";

    /// <summary>How a page writes the version that isn't known before the program is built.</summary>
    private const string VersionMark = "/assets/version/";

    /// <summary>Where a page names the modules that it comes to need, so that they are fetched together and not one import after the other.</summary>
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

        Page = TakePage(PageName, contents, options.Demo ? RootMark[..^1] + " data-demo>" : RootMark);
        Console = TakePage(ConsoleName, contents, RootMark);
    }

    public string Version { get; }

    /// <summary>The app's page.</summary>
    public WebFile Page { get; }

    /// <summary>The operator's.</summary>
    public WebFile Console { get; }

    public IReadOnlyCollection<string> Paths => _files.Keys;

    public WebFile? Find(string version, string path) => version == Version ? _files.GetValueOrDefault(path) : null;

    private WebFile TakePage(string name, IReadOnlyDictionary<string, byte[]> contents, string root)
    {
        var text = Encoding.UTF8.GetString(contents[name]).Replace(RootMark, root);
        var modules = ModulesOf(text, contents).Select(path => $"<link rel=\"modulepreload\" href=\"{VersionMark}{path}\">");
        var page = text.Replace(ModulesMark, string.Join("\n  ", modules)).Replace(VersionMark, $"/assets/{Version}/");
        _files.Remove(name);
        return new WebFile(name, Encoding.UTF8.GetBytes(page));
    }

    /// <summary>The module that a page begins with, and what that imports, and so on.</summary>
    private static SortedSet<string> ModulesOf(string page, IReadOnlyDictionary<string, byte[]> contents)
    {
        var modules = new SortedSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([Entry().Match(page).Groups[1].Value]);
        while (waiting.TryDequeue(out var path))
        {
            if (!modules.Add(path))
                continue;
            foreach (Match import in Import().Matches(Encoding.UTF8.GetString(contents[path])))
                waiting.Enqueue(new Uri(new Uri($"file:///{path}"), import.Groups[1].Value).AbsolutePath[1..]);
        }
        return modules;
    }

    [GeneratedRegex("<script type=\"module\" src=\"" + VersionMark + "([^\"]+)\"")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^(?:import|export) (?:[^']* from )?'(\.[^']+)'", RegexOptions.Multiline)]
    private static partial Regex Import();

    private static byte[] Read(Stream stream)
    {
        using var _ = stream;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
