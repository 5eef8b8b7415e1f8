using System.Text;
using CsCheck;
using Tidings.Import;
using Xunit;

namespace Tidings.Tests.Import;

public sealed class LineReaderTests
{
    [Fact]
    public void Lines_end_with_either_kind_of_end_and_the_last_one_may_have_none() =>
        Assert.Equal(["a", "b", "", "c"], Lines("a\r\nb\n\nc"));

    [Fact]
    public void An_empty_source_has_no_lines() => Assert.Empty(Lines(""));

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_line() => Assert.Equal(["a", "\uFEFFb"], Lines("\uFEFFa\n\uFEFFb\n"));

    [Fact]
    public void A_line_longer_than_the_limit_is_passed_over_and_those_after_it_keep_their_numbers()
    {
        var reader = Reader($"{new string('x', 8)}\n{new string('y', 100)}\n{new string('z', 9)}\r\nend", lineBytesMax: 8);

        Assert.True(reader.TryRead(out var line, out var tooLong));
        Assert.Equal((8, false, 1L), (line.Length, tooLong, reader.Line));
        Assert.True(reader.TryRead(out line, out tooLong));
        Assert.Equal((0, true, 2L), (line.Length, tooLong, reader.Line));
        Assert.True(reader.TryRead(out line, out tooLong));
        Assert.Equal((0, true, 3L), (line.Length, tooLong, reader.Line));
        Assert.True(reader.TryRead(out line, out tooLong));
        Assert.Equal("end", Encoding.UTF8.GetString(line));
        Assert.False(reader.TryRead(out _, out _));
        Assert.Equal(4, reader.Line);
    }

    [Fact]
    public void A_long_last_line_without_an_end_is_passed_over()
    {
        var reader = Reader(new string('x', 100), lineBytesMax: 8);

        Assert.True(reader.TryRead(out _, out var tooLong));
        Assert.True(tooLong);
        Assert.False(reader.TryRead(out _, out _));
        Assert.Equal(1, reader.Line);
    }

    [Fact]
    public void Lines_are_what_splitting_the_text_gives_however_the_bytes_arrive() =>
        Gen.Select(Gen.String[Gen.Char["ab\r\n"], 0, 60], Gen.Int[1, 7], Gen.Int[1, 12]).Sample((text, step, max) =>
        {
            var parts = text.Split('\n').ToList();
            if (parts[^1].Length == 0)
                parts.RemoveAt(parts.Count - 1);
            var expected = parts.Select(p => p.EndsWith('\r') ? p[..^1] : p).Select(p => p.Length > max ? null : p);

            var reader = new LineReader(new Drip(Encoding.UTF8.GetBytes(text), step), max);
            var actual = new List<string?>();
            while (reader.TryRead(out var line, out var tooLong))
                actual.Add(tooLong ? null : Encoding.UTF8.GetString(line));
            Assert.Equal(expected, actual);
        });

    private static LineReader Reader(string text, int lineBytesMax) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), lineBytesMax);

    private static List<string> Lines(string text)
    {
        var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var lines = new List<string>();
        while (reader.TryRead(out var line, out _))
            lines.Add(Encoding.UTF8.GetString(line));
        return lines;
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Drip(byte[] bytes, int step) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(step, count));
    }
}
