using Tidings.Graph;
using Tidings.Posts;
using Xunit;

namespace Tidings.Tests.Posts;

public sealed class PostRulesTests
{
    private static string? FieldAtFault(PostType type, string text, string[] media, Audience audience = Audience.Public, uint list = 0) =>
        PostRules.Check(type, audience, new AudienceListId(list), new PostBody(text, media))?.Field;

    [Fact]
    public void A_text_is_not_blank_and_not_endless()
    {
        Assert.Null(FieldAtFault(PostType.Text, "hello", []));
        Assert.Equal("text", FieldAtFault(PostType.Text, " ", []));
        Assert.Equal("text", FieldAtFault(PostType.Link, "", []));
        Assert.Equal("text", FieldAtFault(PostType.Text, new string('x', PostRules.TextCharsMax + 1), []));
        Assert.Null(FieldAtFault(PostType.Text, new string('x', PostRules.TextCharsMax), []));
    }

    [Fact]
    public void An_image_names_its_media()
    {
        Assert.Null(FieldAtFault(PostType.Image, "", ["m1"]));
        Assert.Equal("media_ids", FieldAtFault(PostType.Image, "hello", []));
        Assert.Equal("media_ids", FieldAtFault(PostType.Video, "hello", [""]));
        Assert.Equal("media_ids", FieldAtFault(PostType.Image, "", [.. Enumerable.Repeat("m", PostRules.MediaIdsMax + 1)]));
    }

    [Fact]
    public void A_custom_audience_names_its_list_and_no_other_does()
    {
        Assert.Equal("audience_list", FieldAtFault(PostType.Text, "hello", [], Audience.Custom));
        Assert.Null(FieldAtFault(PostType.Text, "hello", [], Audience.Custom, 7));
        Assert.Equal("audience_list", FieldAtFault(PostType.Text, "hello", [], Audience.Friends, 7));
    }
}
