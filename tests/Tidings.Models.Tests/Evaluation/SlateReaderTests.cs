using System.Text;
using System.Text.Json;
using Tidings.Import;
using Tidings.Models.Evaluation;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Models.Tests.Evaluation;

public sealed class SlateReaderTests
{
    private static (List<LabelledSlate> Slates, BadLines Bad) Read(params string[] lines)
    {
        var bad = new BadLines();
        var reader = new SlateReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), bad);
        var slates = new List<LabelledSlate>();
        while (reader.Read() is { } slate)
            slates.Add(slate);
        return (slates, bad);
    }

    [Fact]
    public void A_slate_has_the_features_that_serving_would_have_made_of_its_facts()
    {
        var (slates, _) = Read("""
            {"reader":"r","time":"2012-07-04T12:00:00Z","more":1,"candidates":[
            {"id":"1","author":"a","age_hours":2,"likes":3,"comments":1,"shares":2,"type":"image","affinity":40,"is_friend":true,"followers":50,"label":"share","x":{}},
            {"id":2,"author":"r","published":1341396000,"features":{"likes":7,"author_affinity":5},"label":1}]}
            """.ReplaceLineEndings(""));
        var slate = Assert.Single(slates);
        const long now = 1_341_403_200_000;
        CandidateFacts[] facts =
        [
            new(now - 7_200_000, new Counts(3, 1, 2), PostType.Image, 40, Graph.Tie.Friend, false, 1, 50, false, 0),
            new(now - 7_200_000, new Counts(7, 0, 0), PostType.Text, 5, Graph.Tie.None, true, 1, 0, false, 1),
        ];
        Assert.Equal(facts, slate.Facts);
        var rows = new float[2 * Features.Count];
        Features.Fill(facts, now, 0, rows);
        Assert.Equal(rows, slate.Features);
        Assert.Equal([Outcome.Share, Outcome.Like], slate.Outcomes);
        Assert.Equal(("r", now), (slate.Reader, slate.UnixMs));
    }

    [Fact]
    public void The_place_in_the_list_tells_nothing()
    {
        string[] candidates =
        [
            """{"id":"1","author":"a","age_hours":2,"likes":3,"label":1}""", """{"id":"2","author":"b","age_hours":2}""",
            """{"id":"3","author":"a","age_hours":1,"engagement_rate":2.5}""", """{"id":"4","age_hours":2}""", """{"id":"5","age_hours":3,"shares":1}""",
        ];
        var there = Rows(candidates);
        Assert.Equal(there, Rows([.. candidates.Reverse()]));
        Assert.Equal(5, there.Count);
        Assert.All(there.Values, row => Assert.Equal(5 / 105f, row[Features.Names.ToList().IndexOf("candidates")]));

        static SortedDictionary<ulong, float[]> Rows(string[] candidates)
        {
            var slate = Assert.Single(Read($$"""{"reader":1,"time":1341403200,"candidates":[{{string.Join(',', candidates)}}]}""").Slates);
            return new(slate.Ids.Index().ToDictionary(id => id.Item, id => slate.Features[(id.Index * Features.Count)..((id.Index + 1) * Features.Count)]));
        }
    }

    [Fact]
    public void Features_of_another_version_are_refused()
    {
        var (slates, bad) = Read("""{"features_version":1,"reader":1,"time":1341403200,"candidates":[{"label":1}]}""");
        Assert.Empty(slates);
        Assert.Contains("version 1", Assert.Single(bad.First).Reason);
    }

    [Fact]
    public void A_row_of_our_features_is_taken_bit_for_bit_and_turned_back_into_facts()
    {
        CandidateFacts[] facts = [new(1_341_403_200_000 - 5_000_000, new Counts(12, 3, 450), PostType.Video, 17, Graph.Tie.CloseFriend, false, 3, 1_234, true, 0)];
        var row = new float[Features.Count];
        Features.Fill(facts, 1_341_403_200_000, 4, row);
        var named = JsonSerializer.Serialize(Features.Names.Zip(row).ToDictionary(f => f.First, f => f.Second));
        foreach (var features in new[] { named, JsonSerializer.Serialize(row) })
        {
            var slate = Assert.Single(Read($$"""{"reader":1,"time":1341403200,"candidates":[{"id":"1","features":{{features}}}]}""").Slates);
            Assert.Equal(row, slate.Features);
            Assert.Equal((facts[0].Counts, facts[0].Type, 17f), (slate.Facts[0].Counts, slate.Facts[0].Type, slate.Facts[0].Affinity));
            Assert.InRange(slate.Facts[0].PublishedUnixMs, facts[0].PublishedUnixMs - 50, facts[0].PublishedUnixMs + 50);
        }
    }

    [Theory]
    [InlineData("1", Outcome.Like)]
    [InlineData("0", Outcome.None)]
    [InlineData("true", Outcome.Like)]
    [InlineData("null", Outcome.None)]
    [InlineData("\"comment\"", Outcome.Comment)]
    [InlineData("[\"like\",\"share\"]", Outcome.Like | Outcome.Share)]
    [InlineData("{\"like\":0,\"comment\":1,\"share\":false,\"hide\":1,\"dwell_ms\":900}", Outcome.Comment | Outcome.Hide)]
    public void A_label_may_be_written_in_several_ways(string label, Outcome outcome) =>
        Assert.Equal(outcome, Read($$"""{"reader":1,"time":1341403200,"candidates":[{"label":{{label}}}]}""").Slates[0].Outcomes[0]);

    [Theory]
    [InlineData("nonsense", "not JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("""{"time":1,"candidates":[{}]}""", "reader is missing")]
    [InlineData("""{"reader":1,"candidates":[{}]}""", "time is missing")]
    [InlineData("""{"reader":1,"time":"yesterday","candidates":[{}]}""", "time is not a time")]
    [InlineData("""{"reader":1,"time":1,"candidates":[]}""", "0 entries")]
    [InlineData("""{"reader":1,"time":1,"candidates":[7]}""", "candidate 0 is no JSON object")]
    [InlineData("""{"reader":1,"time":1,"candidates":[{},{"likes":-1}]}""", "candidate 1: likes is negative")]
    [InlineData("""{"reader":1,"time":1,"candidates":[{"likes":1e999}]}""", "likes is no finite number")]
    [InlineData("""{"reader":1,"time":1,"candidates":[{"age_hours":-3}]}""", "age is negative")]
    [InlineData("""{"reader":1,"time":1,"candidates":[{"label":"adored"}]}""", "'adored'")]
    [InlineData("""{"reader":1,"time":1,"candidates":[{"features":[1,2]}]}""", "a list of 2 numbers")]
    [InlineData("""{"reader":1,"time":1,"candidates":[{"label":{"like":[]}}]} x""", "something follows")]
    public void A_bad_line_is_counted_and_named_and_the_next_one_is_read(string line, string named)
    {
        var (slates, bad) = Read(line, """{"reader":1,"time":1341403200,"candidates":[{"label":1},{}]}""");
        Assert.Single(slates);
        Assert.Contains(named, Assert.Single(bad.First).Reason);
    }
}
