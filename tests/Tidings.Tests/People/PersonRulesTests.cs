using Tidings.People;
using Xunit;

namespace Tidings.Tests.People;

public sealed class PersonRulesTests
{
    [Theory]
    [InlineData("ada", "Ada", null)]
    [InlineData("a", "Ada", "handle")]
    [InlineData("Ada", "Ada", "handle")]
    [InlineData("ada lovelace", "Ada", "handle")]
    [InlineData("адa", "Ada", "handle")]
    [InlineData("a_123456789_123456789_123456789", "Ada", "handle")]
    [InlineData("ada", " ", "name")]
    public void A_rule_that_is_broken_names_the_field(string handle, string name, string? field) =>
        Assert.Equal(field, PersonRules.Check(handle, name, "")?.Field);

    [Fact]
    public void A_password_verifies_against_its_own_hash_only()
    {
        var hash = Password.Hash("correct horse battery");
        Assert.True(Password.Verify("correct horse battery", hash));
        Assert.False(Password.Verify("correct horse batterz", hash));
        Assert.False(Password.Verify("correct horse battery", []));
        Assert.NotEqual(hash, Password.Hash("correct horse battery"));
    }

    [Fact]
    public void A_token_has_the_length_and_the_prefix_of_its_kind_and_is_never_the_same()
    {
        var token = Token.Make(Token.SessionPrefix);
        Assert.Equal(Token.Chars, token.Length);
        Assert.StartsWith("tds_", token);
        Assert.NotEqual(token, Token.Make(Token.SessionPrefix));
        Assert.Equal(Token.Hash(token), Token.Hash(token));
        Assert.Equal(default, Token.Hash(new string('x', 1_000)));
    }
}
