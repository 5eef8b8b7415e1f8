namespace Tidings.Server.Tests.Browser;

/// <summary>Where the repository is.</summary>
internal static class Tree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tidings.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No Tidings.slnx above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");
    }
}
