using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tidings.Tests.Tidy;

/// <summary>Rules about what stands in one file.</summary>
internal static partial class CodeRules
{
    public const int FileLinesMax = 500;
    public const int MethodLinesMax = 70;

    private static readonly HashSet<string> CodeExtensions = [".cs", ".js", ".css", ".html", ".sh", ""];

    public static IEnumerable<Finding> LongFiles(SourceFile file)
    {
        var lines = file.Lines.Length - 1;
        if (CodeExtensions.Contains(file.Extension) && lines > FileLinesMax)
            yield return new Finding(file.Path, lines, $"{lines} lines; a file has at most {FileLinesMax}");
    }

    /// <summary>Counted without doc comments and attributes; local functions count for the method around them.</summary>
    public static IEnumerable<Finding> LongMethods(SourceFile file)
    {
        if (!file.IsCSharp)
            yield break;
        foreach (var member in file.Syntax.DescendantNodes())
        {
            if (Lines(member) is var lines && lines > MethodLinesMax)
                yield return file.At(member, $"{lines} lines; a method has at most {MethodLinesMax}");
        }

        var script = file.Syntax.Members.OfType<GlobalStatementSyntax>().ToList();
        if (script.Count > 0 && LinesBetween(script[0].GetFirstToken(), script[^1].GetLastToken()) is var length && length > MethodLinesMax)
            yield return file.At(script[0], $"{length} lines of top-level statements; a method has at most {MethodLinesMax}");
    }

    public static IEnumerable<Finding> Directives(SourceFile file) => !file.IsCSharp
        ? []
        : file.Syntax.DescendantTrivia()
            .Where(trivia => trivia.Kind() is SyntaxKind.RegionDirectiveTrivia or SyntaxKind.PragmaWarningDirectiveTrivia)
            .Select(trivia => file.At(trivia, "no regions, no pragmas: move the code, or mend what the warning says"));

    public static IEnumerable<Finding> Reminders(SourceFile file) => !file.IsCSharp
        ? []
        : file.Syntax.DescendantTrivia()
            .Where(trivia => IsComment(trivia) && Reminder().IsMatch(trivia.ToFullString()))
            .Select(trivia => file.At(trivia, "do it now, or write down in the docs what is open and why"));

    public static IEnumerable<Finding> Blanks(SourceFile file)
    {
        // A diff marks an unchanged empty line with one blank; lock files are as the package manager writes them.
        if (file.Extension is ".patch" or ".tsv" || file.Name == "packages.lock.json")
            return [];
        var findings = file.OnLines(line => line.EndsWith(' ') || line.EndsWith('\r'), "blanks at the end of the line")
            .Concat(file.OnLines(line => line.Contains('\t'), "a tab"));
        return file.Text.Length > 0 && !file.Text.EndsWith('\n')
            ? findings.Append(new Finding(file.Path, file.Lines.Length, "no line feed at the end of the file"))
            : findings;
    }

    /// <summary>A test waits for the thing itself. A pause is too short on a busy machine and too long on every other.</summary>
    public static IEnumerable<Finding> Pauses(SourceFile file) => !file.IsTestCode
        ? []
        : file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(access => access.ToString() is "Thread.Sleep" or "Task.Delay")
            .Select(access => file.At(access, $"{access}: wait for the event, not for time"));

    private static int Lines(SyntaxNode member) => member switch
    {
        MethodDeclarationSyntax method => LinesBetween(Start(method), method.GetLastToken()),
        ConstructorDeclarationSyntax constructor => LinesBetween(Start(constructor), constructor.GetLastToken()),
        OperatorDeclarationSyntax or ConversionOperatorDeclarationSyntax or DestructorDeclarationSyntax or AccessorDeclarationSyntax
            => LinesBetween(member.GetFirstToken(), member.GetLastToken()),
        _ => 0,
    };

    private static SyntaxToken Start(BaseMethodDeclarationSyntax method) =>
        method.AttributeLists.Count == 0 ? method.GetFirstToken() : method.AttributeLists[^1].GetLastToken().GetNextToken();

    private static int LinesBetween(SyntaxToken first, SyntaxToken last) =>
        last.GetLocation().GetLineSpan().EndLinePosition.Line - first.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind()
        is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
        or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia;

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Reminder();
}
