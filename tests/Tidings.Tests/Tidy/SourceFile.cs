using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tidings.Tests.Tidy;

/// <summary>A place in the tree that breaks a rule of the house.</summary>
/// <param name="Line">From 1.</param>
internal sealed record Finding(string Path, int Line, string What)
{
    public override string ToString() => $"{Path}:{Line}: {What}";
}

/// <summary>A text file of the repository.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<CompilationUnitSyntax> _syntax =
        new(() => CSharpSyntaxTree.ParseText(Text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview)).GetCompilationUnitRoot());

    public string Name => System.IO.Path.GetFileName(Path);

    public string Extension => System.IO.Path.GetExtension(Path);

    public bool IsCSharp => Extension == ".cs" && !Name.EndsWith(".g.cs", StringComparison.Ordinal);

    public bool IsTestCode => IsCSharp && Path.StartsWith("tests/", StringComparison.Ordinal);

    public string[] Folders => Path.Split('/')[..^1];

    public string[] Lines => Text.Split('\n');

    public CompilationUnitSyntax Syntax => _syntax.Value;

    public Finding At(SyntaxNodeOrToken node, string what) => new(Path, FirstLine(node) + 1, what);

    public Finding At(SyntaxTrivia trivia, string what) => new(Path, trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1, what);

    /// <summary>Every line on which the predicate holds.</summary>
    public IEnumerable<Finding> OnLines(Func<string, bool> breaks, string what) =>
        Lines.Index().Where(line => breaks(line.Item)).Select(line => new Finding(Path, line.Index + 1, what));

    private static int FirstLine(SyntaxNodeOrToken node) => node.GetLocation()!.GetLineSpan().StartLinePosition.Line;
}
