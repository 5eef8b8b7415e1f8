using System.Runtime.CompilerServices;

namespace Tidings.Tests.Import;

/// <summary>Real data sets beside the project, for those who have them; tests that need one skip where it is absent.</summary>
internal static class RealData
{
    /// <summary>The nearest folder shared/data beside the repository or beside a folder that it is in; where it would be when there is none.</summary>
    public static string Folder { get; } = Find();

    private static string Find([CallerFilePath] string here = "")
    {
        var root = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Tidings.slnx")))
            root = root.Parent;
        if (root?.Parent is not { } beside)
            throw new InvalidOperationException("The tests were not built in the repository.");
        for (var folder = beside; folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
                return data;
        }
        return Path.Combine(beside.FullName, "shared", "data");
    }
}
