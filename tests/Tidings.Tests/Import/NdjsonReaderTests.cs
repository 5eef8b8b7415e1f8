using System.Text;
using CsCheck;
using Tidings.Import;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Import;

public sealed class NdjsonReaderTests
{
    private const long Now = 1_700_000_000_000;

    [Fact]
    public void A_person_is_read_and_only_the_handle_has_to_be_there()
    {
        var (people, bad) = People("""{"id": "12", "handle": "ada", "name": "Ada L.", "bio": "Counts."}""" + "\n\n" + """{"handle":"bob"}""");

        Assert.Equal([new PersonLine(1, "12", "ada", "Ada L.", "Counts."), new PersonLine(3, null, "bob", "bob", "")], people);
        Assert.Equal(0, bad.Count);
    }

    [Theory]
    [InlineData("""{"handle": "ada", "age": 3}""", "it has a field that is not known here")]
    [InlineData("""{"handle": "ada", "handle": "bob"}""", "handle is there twice")]
    [InlineData("""{"name": "Ada"}""", "handle is missing")]
    [InlineData("""{"handle": "Ada!"}""", "handle breaks a rule: A handle is made of a-z, 0-9 and _ only.")]
    [InlineData("""{"handle": 7}""", "handle is not a string")]
    [InlineData("""{"handle": null}""", "handle is not a string")]
    [InlineData("""["ada"]""", "it is not a JSON object")]
    [InlineData("""{"handle": "ada"} {}""", "it is not JSON at byte 18")]
    [InlineData("""{"handle": "ada", "name": """, "it is not JSON at byte 26")]
    [InlineData("nonsense", "it is not JSON at byte 1")]
    public void A_bad_person_is_named_by_number_and_reason(string line, string reason)
    {
        var (people, bad) = People($$"""{"handle": "first"}{{"\n"}}{{line}}{{"\n"}}{"handle": "last"}""");

        Assert.Equal([1L, 3L], people.Select(p => p.Line));
        Assert.Equal([new BadLine(2, reason)], bad.First);
    }

    [Fact]
    public void A_post_is_read_with_its_own_time_in_any_offset()
    {
        var (posts, bad) = Posts(
            """{"author": "ada", "text": "hi", "type": "image", "media_ids": ["m1", "m2"], "audience": "friends", "created_at": "2012-07-01T02:00:00.5+02:00"}""" +
            "\n" + """{"author": "bob", "text": "yo", "created_at": "2012-07-01T00:00:00Z"}""");

        Assert.Equal(0, bad.Count);
        Assert.Equal(("ada", PostType.Image, Audience.Friends, 1_341_100_800_500), (posts[0].Author, posts[0].Type, posts[0].Audience, posts[0].CreatedUnixMs));
        Assert.Equal(["m1", "m2"], posts[0].Body.MediaIds);
        Assert.Equal(("bob", PostType.Text, Audience.Public, 1_341_100_800_000), (posts[1].Author, posts[1].Type, posts[1].Audience, posts[1].CreatedUnixMs));
    }

    [Theory]
    [InlineData("""{"author": "ada", "text": "hi"}""", "created_at is missing")]
    [InlineData("""{"text": "hi", "created_at": "2012-07-01T00:00:00Z"}""", "author is missing")]
    [InlineData("""{"author": "ada", "text": "hi", "created_at": "2012-07-01T00:00:00"}""", "created_at is not a time such as 2012-07-01T00:00:00Z")]
    [InlineData("""{"author": "ada", "text": "hi", "created_at": "2012-13-01T00:00:00Z"}""", "created_at is not a time such as 2012-07-01T00:00:00Z")]
    [InlineData("""{"author": "ada", "text": "hi", "created_at": "2023-11-14T22:13:21Z"}""", "created_at is before 2006 or in the future")]
    [InlineData("""{"author": "ada", "text": "hi", "created_at": "2005-07-01T00:00:00Z"}""", "created_at is before 2006 or in the future")]
    [InlineData("""{"author": "ada", "text": " ", "created_at": "2012-07-01T00:00:00Z"}""", "text breaks a rule: A post of type text has a text that is not blank.")]
    [InlineData("""{"author": "ada", "text": "hi", "type": "poem", "created_at": "2012-07-01T00:00:00Z"}""", "type is none of the words allowed")]
    [InlineData("""{"author": "ada", "text": "hi", "audience": "custom", "created_at": "2012-07-01T00:00:00Z"}""", "audience is none of the words allowed")]
    [InlineData("""{"author": "ada", "text": "hi", "media_ids": "m", "created_at": "2012-07-01T00:00:00Z"}""", "media_ids is not a list")]
    [InlineData("""{"author": "ada", "text": "hi", "media_ids": [["m"]], "created_at": "2012-07-01T00:00:00Z"}""", "media_ids is not a string")]
    [InlineData("""{"author": "ada", "text": "hi", "likes": 3, "created_at": "2012-07-01T00:00:00Z"}""", "it has a field that is not known here")]
    [InlineData("""{"author": "ada", "text": "\ud800", "created_at": "2012-07-01T00:00:00Z"}""", "text is not valid Unicode")]
    public void A_bad_post_is_named_by_number_and_reason(string line, string reason)
    {
        var (posts, bad) = Posts(line + "\n" + """{"author": "bob", "text": "yo", "created_at": "2012-07-01T00:00:00Z"}""" + "\n");

        Assert.Equal([2L], posts.Select(p => p.Line));
        Assert.Equal(1, Assert.Single(bad.First).Line);
        Assert.StartsWith(reason, bad.First[0].Reason);
    }

    [Fact]
    public void A_list_without_end_is_cut_at_the_limit_of_media_ids()
    {
        var media = string.Join(",", Enumerable.Repeat("\"m\"", 21));
        var (_, bad) = Posts($$"""{"author": "ada", "text": "hi", "media_ids": [{{media}}], "created_at": "2012-07-01T00:00:00Z"}""");

        Assert.Equal("media_ids has more than 20 entries", Assert.Single(bad.First).Reason);
    }

    [Fact]
    public void The_longest_post_with_everything_escaped_fits_a_line()
    {
        var text = string.Concat(Enumerable.Repeat("\\u00e4", PostRules.TextCharsMax));
        var media = string.Join(",", Enumerable.Repeat('"' + string.Concat(Enumerable.Repeat("\\u00e4", 100)) + '"', 20));
        var (posts, bad) = Posts($$"""{"author": "ada", "text": "{{text}}", "media_ids": [{{media}}], "created_at": "2012-07-01T00:00:00Z"}""");

        Assert.Equal(0, bad.Count);
        Assert.Equal(PostRules.TextCharsMax, Assert.Single(posts).Body.Text.Length);
    }

    [Fact]
    public void No_bytes_make_the_reader_throw() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 120]).Sample((noise, at) =>
        {
            var line = """{"author": "ada", "text": "h\u0069", "media_ids": ["a"], "created_at": "2012-07-01T00:00:00Z"}"""u8.ToArray();
            at = Math.Min(at, line.Length);
            byte[] bytes = [.. line[..at], .. noise, .. line[at..], (byte)'\n'];
            var bad = new BadLines();
            var reader = new NdjsonReader(new MemoryStream(bytes), bad, Now);
            while (reader.ReadPost() is not null) { }
            Assert.True(bad.Count <= reader.Line);
        }, iter: 20_000);

    private static (List<PersonLine>, BadLines) People(string text) => Read(text, reader => reader.ReadPerson());

    private static (List<PostLine>, BadLines) Posts(string text) => Read(text, reader => reader.ReadPost());

    private static (List<T>, BadLines) Read<T>(string text, Func<NdjsonReader, T?> next) where T : class
    {
        var bad = new BadLines();
        var reader = new NdjsonReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), bad, Now);
        var all = new List<T>();
        while (next(reader) is { } read)
            all.Add(read);
        return (all, bad);
    }
}
