using CsCheck;
using Tidings.Import;
using Tidings.People;
using Xunit;

namespace Tidings.Tests.Import;

public sealed class ImportFormatTests
{
    [Theory]
    [InlineData("twitter_combined.txt.gz", ImportFormat.Edges)]
    [InlineData("higgs-social_network.edgelist", ImportFormat.Edges)]
    [InlineData("follows.TSV", ImportFormat.Edges)]
    [InlineData("higgs-activity_time.txt.gz", ImportFormat.Activity)]
    [InlineData("people.ndjson", ImportFormat.People)]
    [InlineData("2024.Posts.jsonl.gz", ImportFormat.Posts)]
    [InlineData("people_and_posts.ndjson", null)]
    [InlineData("data.ndjson", null)]
    [InlineData("picture.png", null)]
    [InlineData("noname", null)]
    public void A_name_tells_the_format_or_nothing(string name, ImportFormat? format) => Assert.Equal(format, ImportFormats.Guess(name));

    [Theory]
    [InlineData("", false, 0, "A handle prefix has 1 to 10 characters of a-z, 0-9 and _; this is \"\".")]
    [InlineData("X", false, 0, "A handle prefix has 1 to 10 characters of a-z, 0-9 and _; this is \"X\".")]
    [InlineData("abcdefghijk", false, 0, "A handle prefix has 1 to 10 characters of a-z, 0-9 and _; this is \"abcdefghijk\".")]
    [InlineData("x", true, 0, "Only edges can be read both ways; this is posts.")]
    [InlineData("x", false, -1, "The limit of bad lines is 0 or more; this is -1.")]
    [InlineData("x", false, 0, null)]
    public void Options_that_make_no_sense_are_refused(string prefix, bool bothWays, long badMax, string? wrong) =>
        Assert.Equal(wrong, new ImportOptions { Format = ImportFormat.Posts, HandlePrefix = prefix, BothWays = bothWays, BadLinesMax = badMax }.Check());

    [Fact]
    public void The_longest_handle_that_an_import_makes_is_allowed()
    {
        var handle = new string('p', ImportOptions.HandlePrefixCharsMax) + ulong.MaxValue;
        Assert.Null(PersonRules.Check(handle, handle, ""));
    }

    [Fact]
    public void An_id_map_is_a_dictionary() =>
        Gen.Select(Gen.ULong[0, 5_000], Gen.UInt[1, uint.MaxValue]).Array[0, 4_000].Sample(entries =>
        {
            var map = new IdMap();
            var expected = new Dictionary<ulong, UserId>();
            foreach (var (external, person) in entries)
            {
                map.Set(external, new UserId(person));
                expected[external] = new UserId(person);
            }
            Assert.Equal(expected.Count, map.Count);
            for (var external = 0ul; external <= 5_000; external++)
                Assert.Equal(expected.TryGetValue(external, out var person), map.TryGet(external, out var found) && found == person);
        }, iter: 50);
}
