using Xunit;

namespace Tidings.Tests.Tidy;

/// <summary>The rules of the house, held against the whole source tree. <see cref="RuleTests"/> shows that each rule can fail.</summary>
public sealed class TidyTests
{
    private const string ConfigurationPage = "docs/configuration.md";

    private static readonly SourceTree Tree = SourceTree.Whole;

    private static readonly Dictionary<string, SourceFile> ByPath = Tree.Files.ToDictionary(file => file.Path);

    [Fact]
    public void No_file_is_longer_than_500_lines() => Hold(CodeRules.LongFiles);

    [Fact]
    public void No_method_is_longer_than_70_lines() => Hold(CodeRules.LongMethods);

    [Fact]
    public void There_are_no_regions_and_no_pragmas() => Hold(CodeRules.Directives);

    [Fact]
    public void No_comment_puts_work_off() => Hold(CodeRules.Reminders);

    [Fact]
    public void Lines_end_without_blanks_and_have_no_tabs() => Hold(CodeRules.Blanks);

    [Fact]
    public void No_test_pauses() => Hold(CodeRules.Pauses);

    [Fact]
    public void No_folder_has_a_name_that_says_nothing() => Hold(NameRules.FolderNames);

    [Fact]
    public void No_type_has_a_name_that_says_nothing() => Hold(NameRules.TypeNames);

    [Fact]
    public void Tests_are_called_by_the_sentence_that_they_show() => Hold(NameRules.TestNames);

    [Fact]
    public void Namespaces_follow_the_folders() => Hold(NameRules.Namespaces);

    [Fact]
    public void No_slice_knows_one_that_comes_after_it() => Hold(SliceRules.SliceOrder);

    [Fact]
    public void The_domain_knows_no_engine_and_adapters_know_only_the_domain() => Hold(SliceRules.References);

    [Fact]
    public void The_tests_mirror_the_slices() => Report(SliceRules.Mirror(
        SliceRules.SlicesWithCode(Tree.Files), Tree.FoldersIn("src/Tidings"), Tree.FoldersIn("tests/Tidings.Tests")));

    [Fact]
    public void No_document_has_a_dead_link() => Hold(file => DocumentRules.DeadLinks(file, ByPath.GetValueOrDefault, Tree.Has));

    [Fact]
    public void Nothing_names_a_path_or_a_feed_of_one_machine() => Hold(DocumentRules.PrivateWords);

    [Fact]
    public void Every_project_has_its_lock_file() => Hold(file => DocumentRules.LockFiles(file, Tree.Has));

    [Fact]
    public void Every_option_is_on_the_configuration_page()
    {
        Assert.SkipUnless(Tree.Has(ConfigurationPage), $"{ConfigurationPage} is not written yet.");
        Hold(file => DocumentRules.UnnamedOptions(file, ByPath[ConfigurationPage].Text));
    }

    private static void Hold(Func<SourceFile, IEnumerable<Finding>> rule) => Report(Tree.Files.SelectMany(rule));

    private static void Report(IEnumerable<Finding> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all.Take(50)));
    }
}
