using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tidings.Tests.Tidy;

/// <summary>Rules about who may know whom.</summary>
internal static partial class SliceRules
{
    private const string Domain = "src/Tidings/";

    /// <summary>Each slice of the domain knows those before it.</summary>
    private static readonly string[] Order =
        ["People", "Graph", "Posts", "Engagement", "Affinity", "Ranking", "Events", "Feeds", "FanOut", "Live", "Notifications", "PersonalData"];

    /// <summary>Stands beside the row: knows what is before Feeds, and none knows it.</summary>
    private const string Import = "Import";

    /// <summary>What the domain may take from others: nothing yet. An engine never.</summary>
    private static readonly HashSet<string> DomainPackages = [];

    public static IEnumerable<Finding> SliceOrder(SourceFile file)
    {
        if (!file.IsCSharp || !file.Path.StartsWith(Domain, StringComparison.Ordinal) || file.Folders.Length < 3)
            yield break;
        var slice = file.Folders[2];
        if (!Order.Contains(slice) && slice != Import)
        {
            yield return new Finding(file.Path, 1, $"{slice} has no place in the order of the slices: give it one in {nameof(SliceRules)}");
            yield break;
        }

        var names = file.Syntax.DescendantNodes()
            .Where(node => node is QualifiedNameSyntax or MemberAccessExpressionSyntax && node.Parent?.GetType() != node.GetType());
        foreach (var name in names)
        {
            if (SliceIn(name) is { } other && !MayKnow(slice, other))
                yield return file.At(name, $"{slice} uses {other}, which comes after it");
        }
    }

    /// <summary>The domain stands on nothing, an adapter on the domain.</summary>
    public static IEnumerable<Finding> References(SourceFile file)
    {
        if (file.Extension != ".csproj" || !file.Path.StartsWith("src/", StringComparison.Ordinal))
            return [];
        var project = file.Name[..^".csproj".Length];
        return project switch
        {
            "Tidings" => file.OnLines(line => line.Contains("<ProjectReference"), "the domain references no project")
                .Concat(file.OnLines(line => Package(line) is { } package && !DomainPackages.Contains(package), "the domain doesn't need this package")),
            "Tidings.Server" => [],
            _ => file.OnLines(
                line => line.Contains("<ProjectReference") && !line.Contains("/Tidings.csproj") && !line.Contains("/Tidings.Client.csproj"),
                "an adapter references the domain, no other adapter"),
        };
    }

    /// <summary>The slices that do anything: ports and records alone leave nothing to test.</summary>
    public static IEnumerable<string> SlicesWithCode(IEnumerable<SourceFile> files) => files
        .Where(file => file.IsCSharp && file.Path.StartsWith(Domain, StringComparison.Ordinal) && file.Folders.Length > 2)
        .Where(file => file.Syntax.DescendantNodes().OfType<BaseMethodDeclarationSyntax>()
            .Any(method => method.Body is not null || method.ExpressionBody is not null))
        .Select(file => file.Folders[2])
        .Distinct();

    /// <summary>Who looks for a slice's tests finds them in the folder of its name.</summary>
    public static IEnumerable<Finding> Mirror(
        IEnumerable<string> slicesWithCode, IEnumerable<string> slices, IEnumerable<string> testFolders)
    {
        HashSet<string> tests = [.. testFolders];
        var aboutTheWhole = new[] { "Tidy", "Simulation" };
        return slicesWithCode.Except(tests).Select(slice => new Finding(Domain + slice, 1, $"no tests in tests/Tidings.Tests/{slice}"))
            .Concat(tests.Except(slices).Except(aboutTheWhole).Select(
                folder => new Finding($"tests/Tidings.Tests/{folder}", 1, $"mirrors no folder of {Domain}")));
    }

    /// <summary>The slice that a dotted name begins with; in a type's name it may be written without the root.</summary>
    private static string? SliceIn(SyntaxNode name)
    {
        var parts = name.ToString().Replace("global::", "").Split('.');
        var slice = parts[0] == "Tidings" ? parts[1] : name is QualifiedNameSyntax ? parts[0] : "";
        return slice == Import || Order.Contains(slice) ? slice : null;
    }

    private static bool MayKnow(string slice, string other) => slice == Import
        ? other == Import || Array.IndexOf(Order, other) < Array.IndexOf(Order, "Feeds")
        : other != Import && Array.IndexOf(Order, other) <= Array.IndexOf(Order, slice);

    private static string? Package(string line) => PackageReference().Match(line) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex PackageReference();
}
