using System.Text;
using Tidings.Import;
using Xunit;

namespace Tidings.Tests.Import;

public sealed class ActivityReaderTests
{
    private const long T = 1_341_100_972;

    [Fact]
    public void Lines_of_the_log_are_read()
    {
        var (lines, bad) = Read($"223789 213163 {T} MT\n223789\t213163\t{T} RE\r\n376989 50329 {T + 209} RT");

        Assert.Equal(
        [
            new ActivityLine(1, 223789, 213163, T, ActivityKind.Mention),
            new ActivityLine(2, 223789, 213163, T, ActivityKind.Reply),
            new ActivityLine(3, 376989, 50329, T + 209, ActivityKind.Retweet),
        ], lines);
        Assert.Equal(0, bad.Count);
    }

    [Theory]
    [InlineData("1 2", "it has too few columns")]
    [InlineData("1 2 1341100973", "its kind is none of RT, MT and RE")]
    [InlineData("1 2 1341100973 RTX", "its kind is none of RT, MT and RE")]
    [InlineData("1 2 1341100973 RT x", "it has too many columns")]
    [InlineData("1 2 yesterday RT", "its time is not in Unix seconds")]
    [InlineData("1 x 1341100973 RT", "an id is not a non-negative integer")]
    [InlineData("1 2 18446744073709551615 RT", "its time is in the future")]
    [InlineData("1 2 1341100971 RT", "its time is before 2006 or before the line above")]
    public void A_bad_line_is_named_by_number_and_reason(string line, string reason)
    {
        var (lines, bad) = Read($"1 2 {T} RT\n{line}\n3 4 {T + 1} RT\n");

        Assert.Equal([1L, 3L], lines.Select(l => l.Line));
        Assert.Equal([new BadLine(2, reason)], bad.First);
    }

    [Fact]
    public void What_is_passed_on_of_one_author_within_an_hour_is_one_post()
    {
        var hour = T - T % 3_600;
        var made = new ActivityPosts();

        var steps = new[]
        {
            Line(1, 88, hour, ActivityKind.Retweet), Line(2, 88, hour + 3_599, ActivityKind.Reply),
            Line(3, 77, hour + 3_599, ActivityKind.Retweet), Line(4, 88, hour + 3_600, ActivityKind.Retweet),
            Line(5, 88, hour + 3_601, ActivityKind.Mention), Line(5, 88, hour + 3_601, ActivityKind.Mention),
            Line(6, 88, hour + 3_602, ActivityKind.Retweet),
        }.Select(line => made.Next(line)).Select(s => (s.Author, s.Hour - hour / 3_600, s.IsNew));

        Assert.Equal(
            [(88, 0, true), (88, 0, false), (77, 0, true), (88, 1, true), (5, 1, true), (5, 1, true), (88, 1, false)],
            steps);
    }

    private static ActivityLine Line(ulong actor, ulong target, long unixSeconds, ActivityKind kind) => new(1, actor, target, unixSeconds, kind);

    private static (List<ActivityLine> Lines, BadLines Bad) Read(string text)
    {
        var bad = new BadLines();
        var reader = new ActivityReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), bad, latestUnixMs: (T + 1_000) * 1_000);
        var lines = new ActivityLine[2];
        var all = new List<ActivityLine>();
        for (int read; (read = reader.Read(lines)) > 0;)
            all.AddRange(lines.Take(read));
        return (all, bad);
    }
}
