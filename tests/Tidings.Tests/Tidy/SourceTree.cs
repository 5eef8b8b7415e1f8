namespace Tidings.Tests.Tidy;

/// <summary>The repository on disk: its text files, without what .gitignore leaves out.</summary>
internal sealed class SourceTree
{
    /// <summary>Larger files are data, not source.</summary>
    private const int BytesMax = 2 * 1024 * 1024;

    private SourceTree(string root, IReadOnlyList<SourceFile> files)
    {
        Root = root;
        Files = files;
    }

    public static SourceTree Whole { get; } = Read(FindRoot());

    public string Root { get; }

    public IReadOnlyList<SourceFile> Files { get; }

    public bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>The names of the folders directly under a folder that hold anything that counts as source.</summary>
    public IEnumerable<string> FoldersIn(string folder) => Files
        .Where(file => file.Path.StartsWith(folder + "/", StringComparison.Ordinal))
        .Select(file => file.Path[(folder.Length + 1)..].Split('/'))
        .Where(parts => parts.Length > 1)
        .Select(parts => parts[0])
        .Distinct();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tidings.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Tidings.slnx above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");
    }

    private static SourceTree Read(string root)
    {
        var ignored = File.ReadAllLines(Path.Combine(root, ".gitignore"))
            .Where(line => line.EndsWith('/'))
            .Select(line => line.Trim('/'))
            .Append(".git")
            .ToHashSet();
        var files = new List<SourceFile>();
        ReadFolder(new DirectoryInfo(root), "", ignored, files);
        return new SourceTree(root, files);
    }

    private static void ReadFolder(DirectoryInfo folder, string prefix, HashSet<string> ignored, List<SourceFile> files)
    {
        foreach (var file in folder.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            if (file.Length > BytesMax || ignored.Contains(file.Name))
                continue;
            var text = File.ReadAllText(file.FullName);
            if (!text.Contains('\0'))
                files.Add(new SourceFile(prefix + file.Name, text));
        }
        foreach (var inner in folder.EnumerateDirectories().Where(inner => !ignored.Contains(inner.Name)))
            ReadFolder(inner, $"{prefix}{inner.Name}/", ignored, files);
    }
}
