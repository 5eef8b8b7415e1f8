using Tidings.Notifications;
using Xunit;

namespace Tidings.Tests.Notifications;

public sealed class MentionsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("nobody here", "")]
    [InlineData("@ada", "ada")]
    [InlineData("hello @Ada, and @bob_2!", "ada bob_2")]
    [InlineData("@ada @ADA @ada", "ada")]
    [InlineData("(@ada)@bob", "ada bob")]
    [InlineData("mail to ada@example.com or ü@example", "")]
    [InlineData("@a @ @@ab _@bc", "ab")]
    [InlineData("@abcdefghijklmnopqrstuvwxyz1234 @abcdefghijklmnopqrstuvwxyz12345", "abcdefghijklmnopqrstuvwxyz1234")]
    public void Handles_are_found_where_a_sign_stands_apart(string text, string handles) =>
        Assert.Equal(handles, string.Join(' ', Mentions.In(text)));

    [Fact]
    public void No_more_than_twenty_are_found()
    {
        var text = string.Join(' ', Enumerable.Range(0, 50).Select(i => $"@person_{i}"));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"person_{i}"), Mentions.In(text));
    }
}
