using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tidings.Tests.Tidy;

/// <summary>Rules about what things are called.</summary>
internal static partial class NameRules
{
    private static readonly HashSet<string> EmptyFolderNames =
        new(["Services", "Helpers", "Models", "Common", "Utils", "Managers", "Misc"], StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<Finding> FolderNames(SourceFile file) => file.Folders
        .Where(EmptyFolderNames.Contains)
        .Select(folder => new Finding(file.Path, 1, $"a folder called {folder} says nothing: name it for what is in it"));

    public static IEnumerable<Finding> TypeNames(SourceFile file) => !file.IsCSharp
        ? []
        : file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Where(type => EmptyTypeName().IsMatch(type.Identifier.Text)
                || (type is InterfaceDeclarationSyntax && ServiceInterface().IsMatch(type.Identifier.Text)))
            .Select(type => file.At(type.Identifier, $"{type.Identifier.Text}: name it for what it does"));

    /// <summary>Classes with tests are called …Tests, or …Contract where others inherit them; the tests' names are sentences.</summary>
    public static IEnumerable<Finding> TestNames(SourceFile file)
    {
        if (!file.IsTestCode)
            yield break;
        foreach (var type in file.Syntax.DescendantNodes().OfType<ClassDeclarationSyntax>())
        {
            var tests = type.Members.OfType<MethodDeclarationSyntax>().Where(IsTest).ToList();
            var suffix = type.Modifiers.Any(modifier => modifier.Text == "abstract") ? "Contract" : "Tests";
            if (tests.Count > 0 && !type.Identifier.Text.EndsWith(suffix, StringComparison.Ordinal))
                yield return file.At(type.Identifier, $"{type.Identifier.Text} has tests: its name ends with {suffix}");
            foreach (var test in tests.Where(test => !Sentence().IsMatch(test.Identifier.Text)))
                yield return file.At(test.Identifier, $"{test.Identifier.Text}: a test is called by the sentence that it shows");
        }
    }

    /// <summary>A file's namespace is its project and its folder.</summary>
    public static IEnumerable<Finding> Namespaces(SourceFile file)
    {
        if (!file.IsCSharp || file.Folders.Length < 2)
            yield break;
        var expected = string.Join('.', file.Folders[1..]);
        foreach (var space in file.Syntax.Members.OfType<BaseNamespaceDeclarationSyntax>().Where(space => space.Name.ToString() != expected))
            yield return file.At(space, $"namespace {space.Name} in the folder of {expected}");
    }

    private static bool IsTest(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory");

    [GeneratedRegex("(Manager|Helpers?|Util|Utils|Utility|Impl)$")]
    private static partial Regex EmptyTypeName();

    [GeneratedRegex("^I[A-Z].*Service$")]
    private static partial Regex ServiceInterface();

    [GeneratedRegex("^[A-Z0-9][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    private static partial Regex Sentence();
}
