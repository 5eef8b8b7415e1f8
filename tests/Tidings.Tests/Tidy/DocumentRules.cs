using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tidings.Tests.Tidy;

/// <summary>Rules about the documents, and about what the repository must not say.</summary>
internal static partial class DocumentRules
{
    // Put together from pieces, or this file would be the first to break the rule.
    private static readonly Regex PrivateWord = new(
        "/" + "work/|/" + "root/|/" + @"home/\w|" + @"\.\./" + @"shared/\w+\.md|nuget" + @"\.org|/v3/" + @"index\.json|git" + "hub.com/[^ ]*/packages",
        RegexOptions.CultureInvariant);

    /// <param name="exists">Whether a path from the root is there.</param>
    public static IEnumerable<Finding> DeadLinks(SourceFile file, Func<string, SourceFile?> read, Func<string, bool> exists)
    {
        if (file.Extension != ".md")
            yield break;
        var fenced = false;
        foreach (var (number, line) in file.Lines.Index())
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                fenced = !fenced;
            if (fenced)
                continue;
            foreach (Match link in Link().Matches(line))
            {
                if (WhatIsWrong(file, link.Groups[1].Value, read, exists) is { } wrong)
                    yield return new Finding(file.Path, number + 1, wrong);
            }
        }
    }

    /// <summary>Paths of one machine and addresses of package feeds mean nothing to anyone else.</summary>
    public static IEnumerable<Finding> PrivateWords(SourceFile file) =>
        file.OnLines(PrivateWord.IsMatch, "a path or an address that means something on one machine only");

    public static IEnumerable<Finding> LockFiles(SourceFile file, Func<string, bool> exists)
    {
        if (file.Extension == ".csproj" && !exists(string.Join('/', [.. file.Folders, "packages.lock.json"])))
            yield return new Finding(file.Path, 1, "no packages.lock.json beside it: restore, and commit it");
    }

    /// <summary>Every public settable property of a class …Options in the source is named on the page.</summary>
    public static IEnumerable<Finding> UnnamedOptions(SourceFile file, string page) => !file.IsCSharp || file.IsTestCode
        ? []
        : file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
            .Where(type => type.Identifier.Text.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.Members.OfType<PropertyDeclarationSyntax>())
            .Where(property => property.Modifiers.Any(SyntaxKind.PublicKeyword) && IsSettable(property)
                && !Regex.IsMatch(page, $@"\b{property.Identifier.Text}\b"))
            .Select(property => file.At(property.Identifier, $"{property.Identifier.Text} is not in docs/configuration.md"));

    private static bool IsSettable(PropertyDeclarationSyntax property) => property.AccessorList is { } accessors
        && accessors.Accessors.Any(accessor => accessor.Kind() is SyntaxKind.SetAccessorDeclaration or SyntaxKind.InitAccessorDeclaration);

    private static string? WhatIsWrong(SourceFile file, string target, Func<string, SourceFile?> read, Func<string, bool> exists)
    {
        if (Elsewhere().IsMatch(target))
            return null;
        var (path, anchor) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
        var full = path.Length == 0 ? file.Path : Resolve(file.Folders, path);
        if (!exists(full))
            return $"dead link: {target}";
        return anchor.Length == 0 || read(full) is not { Extension: ".md" } page || Anchors(page).Contains(anchor)
            ? null
            : $"no such heading: {target}";
    }

    private static string Resolve(string[] folders, string path)
    {
        var parts = new List<string>(path.StartsWith('/') ? [] : folders);
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part != ".") parts.Add(part);
        }
        return string.Join('/', parts);
    }

    /// <summary>The anchors that code hosts make of headings: lower case, blanks to hyphens, other marks dropped.</summary>
    private static IEnumerable<string> Anchors(SourceFile page) => page.Lines
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(<?([^)\s>]+)>?(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z][a-z+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}
