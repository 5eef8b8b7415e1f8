using System.Text;
using CsCheck;
using Tidings.Import;
using Xunit;

namespace Tidings.Tests.Import;

public sealed class EdgeListReaderTests
{
    [Fact]
    public void Blanks_tabs_comments_and_line_ends_of_both_kinds_are_read()
    {
        var (edges, bad) = Read("# Directed graph\n1 2\r\n3\t4\n\n  5 \t 6  \n\t# more\n0 18446744073709551615");

        Assert.Equal([(2, 1, 2), (3, 3, 4), (5, 5, 6), (7, 0, ulong.MaxValue)], edges);
        Assert.Equal(0, bad.Count);
    }

    [Theory]
    [InlineData("1", "it has too few columns")]
    [InlineData("1 2 3", "it has too many columns")]
    [InlineData("1 -2", "an id is not a non-negative integer")]
    [InlineData("a 2", "an id is not a non-negative integer")]
    [InlineData("1,2", "an id is not a non-negative integer")]
    [InlineData("1 1.5", "an id is not a non-negative integer")]
    [InlineData("1 18446744073709551616", "an id is above 18,446,744,073,709,551,615")]
    [InlineData("99999999999999999999999999 1", "an id is above 18,446,744,073,709,551,615")]
    public void A_bad_line_is_named_by_number_and_reason_and_the_others_are_read(string line, string reason)
    {
        var (edges, bad) = Read($"1 2\n{line}\n3 4\n");

        Assert.Equal([(1, 1, 2), (3, 3, 4)], edges);
        Assert.Equal([new BadLine(2, reason)], bad.First);
    }

    [Fact]
    public void A_line_without_end_costs_no_more_than_the_buffer()
    {
        var (edges, bad) = Read($"1 2\n{new string('7', 3_000_000)} 1\n3 4\n");

        Assert.Equal([(1, 1, 2), (3, 3, 4)], edges);
        Assert.Equal([new BadLine(2, "it is too long")], bad.First);
    }

    [Fact]
    public void The_first_bad_lines_are_kept_and_all_are_counted()
    {
        var (_, bad) = Read(string.Concat(Enumerable.Repeat("x\n", 50)), max: 50);

        Assert.Equal(50, bad.Count);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), bad.First.Select(b => b.Line));
    }

    [Fact]
    public void One_bad_line_too_many_stops_the_reading()
    {
        var e = Assert.Throws<TooManyBadLinesException>(() => Read("x\nx\nx\n", max: 2));

        Assert.Contains("bad line 3, more than the 2 allowed. Line 3: an id is not a non-negative integer", e.Message);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_line()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
            text.Append(i).Append(' ').Append(i * 7).Append('\n');
        var reader = new EdgeListReader(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), new BadLines());
        var edges = new EdgeLine[256];
        reader.Read(edges);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = 0;
        for (int read; (read = reader.Read(edges)) > 0;)
            count += read;

        Assert.Equal(20_000 - 256, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
    }

    [Fact]
    public void Whatever_the_bytes_are_every_line_is_an_edge_a_bad_line_or_says_nothing() =>
        Gen.Byte[0x09, 0x3A].Array[0, 200].Sample(bytes =>
        {
            var bad = new BadLines(long.MaxValue);
            var reader = new EdgeListReader(new MemoryStream(bytes), bad);
            var edges = new EdgeLine[64];
            var read = 0;
            for (int count; (count = reader.Read(edges)) > 0;)
                read += count;
            Assert.True(read + bad.Count <= reader.Line);
            Assert.Equal(bytes.Count(b => b == '\n') + (bytes is [.., not (byte)'\n'] ? 1 : 0), reader.Line);
        });

    private static (List<(long, ulong, ulong)> Edges, BadLines Bad) Read(string text, long max = BadLines.MaxDefault)
    {
        var bad = new BadLines(max);
        var reader = new EdgeListReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), bad);
        var edges = new EdgeLine[3];
        var all = new List<(long, ulong, ulong)>();
        for (int read; (read = reader.Read(edges)) > 0;)
            all.AddRange(edges.Take(read).Select(e => (e.Line, e.Follower, e.Followee)));
        return (all, bad);
    }
}
