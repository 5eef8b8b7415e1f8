using Xunit;

namespace Tidings.Tests.Tidy;

/// <summary>Each rule finds what breaks it, at the right line, and leaves alone what doesn't.</summary>
public sealed class RuleTests
{
    [Fact]
    public void A_file_of_501_lines_is_too_long()
    {
        Finds(CodeRules.LongFiles, Source(Repeat("// line\n", 501)), 501);
        Passes(CodeRules.LongFiles, Source(Repeat("// line\n", 500)));
    }

    [Fact]
    public void A_method_of_71_lines_is_too_long_wherever_its_braces_stand_in_strings()
    {
        Finds(CodeRules.LongMethods, Source(Method(68)), 3);
        Passes(CodeRules.LongMethods, Source(Method(67)));

        static string Method(int statements) =>
            "class A\n{\n    void B()\n    {\n" + Repeat("        _ = $\"}}{\"}\"}\";\n", statements) + "    }\n}\n";
    }

    [Fact]
    public void Attributes_and_doc_comments_do_not_lengthen_a_method() =>
        Passes(CodeRules.LongMethods, Source(
            "class A\n{\n" + Repeat("    /// <summary/>\n", 50) + Repeat("    [X]\n", 50) + "    void B()\n    {\n    }\n}\n"));

    [Fact]
    public void A_script_of_71_lines_is_too_long() =>
        Finds(CodeRules.LongMethods, Source("using System;\n" + Repeat("_ = 1;\n", 71)), 2);

    [Theory]
    [InlineData("class A\n{\n#region B\n#endregion\n}\n")]
    [InlineData("class A\n{\n#pragma warning disable CS0168\n}\n")]
    public void Regions_and_pragmas_are_found(string text)
    {
        Finds(CodeRules.Directives, Source(text), 3);
        Passes(CodeRules.Directives, Source(text) with { Path = "src/Tidings/Posts/A.g.cs" });
    }

    [Fact]
    public void A_reminder_in_a_comment_is_found_and_in_a_string_is_not()
    {
        var reminder = "TO" + "DO";
        Finds(CodeRules.Reminders, Source($"class A\n{{\n    // {reminder}: later\n}}\n"), 3);
        Passes(CodeRules.Reminders, Source($"class A\n{{\n    const string B = \"{reminder}\";\n}}\n"));
    }

    [Theory]
    [InlineData("a\nb \n", 2)]
    [InlineData("a\n\tb\n", 2)]
    [InlineData("a\r\n", 1)]
    [InlineData("a\nb", 2)]
    public void Blanks_tabs_and_a_missing_line_feed_are_found(string text, int line)
    {
        Finds(CodeRules.Blanks, new SourceFile("README.md", text), line);
        Passes(CodeRules.Blanks, new SourceFile("README.md", "a\n\nb\n"));
    }

    [Fact]
    public void A_test_that_pauses_is_found()
    {
        const string text = "class A\n{\n    void B() => Thread.Sleep(1);\n}\n";
        Finds(CodeRules.Pauses, new SourceFile("tests/A.cs", text), 3);
        Finds(CodeRules.Pauses, new SourceFile("tests/A.cs", text.Replace("Thread.Sleep", "Task.Delay")), 3);
    }

    [Fact]
    public void A_folder_that_says_nothing_is_found()
    {
        Finds(NameRules.FolderNames, new SourceFile("src/Tidings/Helpers/A.cs", ""), 1);
        Passes(NameRules.FolderNames, new SourceFile("src/Tidings/Posts/Helpers.cs", ""));
    }

    [Theory]
    [InlineData("class FeedManager;")]
    [InlineData("static class FeedHelpers;")]
    [InlineData("record FeedImpl;")]
    [InlineData("struct FeedUtil;")]
    [InlineData("interface IFeedService;")]
    public void A_type_that_says_nothing_is_found(string text)
    {
        Finds(NameRules.TypeNames, Source(text), 1);
        Passes(NameRules.TypeNames, Source("interface IFeedStore; class FeedService; class Managers1;"));
    }

    [Theory]
    [InlineData("class Feeds\n{\n    [Fact] void A_feed_is_read() { }\n}\n", 1)]
    [InlineData("abstract class FeedsTests\n{\n    [Fact] void A_feed_is_read() { }\n}\n", 1)]
    [InlineData("class FeedsTests\n{\n    [Theory] void TestFeed() { }\n}\n", 3)]
    public void A_test_that_is_not_called_by_a_sentence_is_found(string text, int line)
    {
        Finds(NameRules.TestNames, new SourceFile("tests/A.cs", text), line);
        Passes(NameRules.TestNames, new SourceFile(
            "tests/A.cs", "class FeedsTests\n{\n    [Fact] void A_feed_is_read() { }\n    void Setup() { }\n}\nabstract class FeedContract\n{\n    [Fact] void A_b() { }\n}\n"));
    }

    [Fact]
    public void A_namespace_of_another_folder_is_found()
    {
        Finds(NameRules.Namespaces, Source("\nnamespace Tidings.Feeds;\n"), 2);
        Passes(NameRules.Namespaces, Source("namespace Tidings.Posts;\n"));
        Passes(NameRules.Namespaces, new SourceFile("src/Tidings/Result.cs", "namespace Tidings;\n"));
    }

    [Theory]
    [InlineData("using Tidings.Feeds;\n")]
    [InlineData("using F = Tidings.Feeds.FeedPage;\n")]
    [InlineData("class A { Tidings.Feeds.FeedPage? B; }\n")]
    [InlineData("class A { Feeds.FeedPage? B; }\n")]
    [InlineData("class A { int B => Tidings.Feeds.ReadFeed.LimitMax; }\n")]
    [InlineData("using Tidings.Import;\n")]
    public void A_slice_that_knows_a_later_one_is_found(string text)
    {
        Finds(SliceRules.SliceOrder, Source(text), 1);
        Passes(SliceRules.SliceOrder, Source("using Tidings.Graph;\nusing System.Text;\n"));
    }

    [Fact]
    public void Import_knows_what_is_before_the_feeds()
    {
        Finds(SliceRules.SliceOrder, new SourceFile("src/Tidings/Import/A.cs", "using Tidings.Feeds;\n"), 1);
        Passes(SliceRules.SliceOrder, new SourceFile("src/Tidings/Import/A.cs", "using Tidings.Events;\n"));
    }

    [Fact]
    public void A_slice_without_a_place_is_found() => Finds(SliceRules.SliceOrder, new SourceFile("src/Tidings/New/A.cs", ""), 1);

    [Fact]
    public void An_engine_in_the_domain_and_an_adapter_on_an_adapter_are_found()
    {
        Finds(SliceRules.References, new SourceFile("src/Tidings/Tidings.csproj", "<PackageReference Include=\"RocksDB\" />\n"), 1);
        Finds(SliceRules.References, new SourceFile("src/Tidings.Redis/Tidings.Redis.csproj",
            "<ProjectReference Include=\"../Tidings.Embedded/Tidings.Embedded.csproj\" />\n"), 1);
        Passes(SliceRules.References, new SourceFile("src/Tidings.Redis/Tidings.Redis.csproj",
            "<ProjectReference Include=\"../Tidings/Tidings.csproj\" />\n<PackageReference Include=\"StackExchange.Redis\" />\n"));
    }

    [Fact]
    public void A_slice_without_tests_and_tests_without_a_slice_are_found()
    {
        Assert.Equal(
            "src/Tidings/Posts", Assert.Single(SliceRules.Mirror(["Posts", "Feeds"], ["Posts", "Feeds", "Events"], ["Feeds", "Tidy"])).Path);
        Assert.Equal("tests/Tidings.Tests/Old", Assert.Single(SliceRules.Mirror(["Posts"], ["Posts"], ["Posts", "Old"])).Path);
    }

    [Fact]
    public void A_slice_of_ports_and_records_needs_no_tests()
    {
        Assert.Empty(SliceRules.SlicesWithCode([Source("interface IA { void B(); }\nrecord C(int D);\n")]));
        Assert.Equal(["Posts"], SliceRules.SlicesWithCode([Source("class A { void B() { } }\n")]));
    }

    [Theory]
    [InlineData("[a](gone.md)")]
    [InlineData("[a](../../other.md)")]
    [InlineData("![a](gone.png \"title\")")]
    [InlineData("[a](there.md#gone)")]
    [InlineData("[a](#gone)")]
    public void A_dead_link_is_found(string line)
    {
        Finds(DeadLinks, new SourceFile("docs/a.md", $"# A\n{line}\n"), 2);

        Passes(DeadLinks, new SourceFile("docs/a.md",
            $"# A\n[a](there.md) [b](/docs/there.md#a-heading-of-it) [c](#a) [d](https://example.org/x)\n```\n{line}\n```\n"));

        static IEnumerable<Finding> DeadLinks(SourceFile file) => DocumentRules.DeadLinks(
            file,
            path => path == file.Path ? file : new SourceFile(path, "## A `heading` of it!\n"),
            path => path is "docs/there.md" or "docs/a.md");
    }

    [Fact]
    public void A_path_of_one_machine_is_found()
    {
        Finds(DocumentRules.PrivateWords, new SourceFile("README.md", "a\nsee /wo" + "rk/main\n"), 2);
        Finds(DocumentRules.PrivateWords, new SourceFile("nuget.config", "https://api.nu" + "get.org/\n"), 1);
        Passes(DocumentRules.PrivateWords, new SourceFile("README.md", "network/main, the root, worksheet\n"));
    }

    [Fact]
    public void A_project_without_a_lock_file_is_found()
    {
        Finds(file => DocumentRules.LockFiles(file, _ => false), new SourceFile("src/A/A.csproj", ""), 1);
        Passes(file => DocumentRules.LockFiles(file, path => path == "src/A/packages.lock.json"), new SourceFile("src/A/A.csproj", ""));
    }

    [Fact]
    public void An_option_that_the_page_does_not_name_is_found()
    {
        var source = Source("class AOptions\n{\n    public int PagesMax { get; set; }\n    public int Sum => 1;\n    internal int B { get; set; }\n}\n");
        Finds(file => DocumentRules.UnnamedOptions(file, "`PagesMaximum`"), source, 3);
        Passes(file => DocumentRules.UnnamedOptions(file, "`PagesMax`: 3"), source);
    }

    private static SourceFile Source(string text) => new("src/Tidings/Posts/A.cs", text);

    private static string Repeat(string line, int times) => string.Concat(Enumerable.Repeat(line, times));

    private static void Finds(Func<SourceFile, IEnumerable<Finding>> rule, SourceFile file, int line) =>
        Assert.Equal(line, Assert.Single(rule(file)).Line);

    private static void Passes(Func<SourceFile, IEnumerable<Finding>> rule, SourceFile file) => Assert.Empty(rule(file));
}
