using System.Globalization;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Tidings.People;
using Tidings.Server.Hosting;

namespace Tidings.Server.Security;

/// <summary>
/// Which person a subject of the outside issuer is. The record keeps it. Somebody who comes for the first time becomes a person where the
/// settings say so: of what the token says about them a handle and a name are made that fit the rules here.
/// </summary>
internal sealed class OutsidePeople(ServeOptions options, ICredentialStore credentials, IPeopleStore people)
{
    private const int HandleStemCharsMax = PersonRules.HandleCharsMax - 9;

    /// <returns>Null where nobody has the identity.</returns>
    public async ValueTask<UserId?> FindAsync(TokenHash identity, JsonWebToken token, CancellationToken ct)
    {
        // Who has just joined is on the disk a moment before memory knows them: then the writer is asked, whose answer comes after that moment.
        if (await credentials.FindAsync(identity, ct) is { Kind: KeyKind.Identity } known
            && (!options.OidcProvision || await people.ExistsAsync(known.Person, ct)))
            return known.Person;
        if (!options.OidcProvision)
            return null;
        var stem = HandleOf(Text(token, "preferred_username") ?? Text(token, "nickname") ?? "");
        var name = NameOf(Text(token, "name") ?? "", stem);
        var joined = await people.JoinAsync(new NewPerson(stem, name, "", []), identity, ct);
        if (!joined.IsOk)
        {
            var handle = string.Create(CultureInfo.InvariantCulture, $"{stem}_{(uint)identity.A:x8}");
            joined = await people.JoinAsync(new NewPerson(handle, name, "", []), identity, ct);
        }
        return joined.IsOk ? joined.Value : null;
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var text) ? text : null;

    internal static string HandleOf(string text)
    {
        var handle = new StringBuilder(HandleStemCharsMax);
        foreach (var c in text.Split('@')[0].ToLowerInvariant())
        {
            if (handle.Length == HandleStemCharsMax)
                break;
            handle.Append(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '_');
        }
        return handle.Length >= PersonRules.HandleCharsMin ? handle.ToString() : "person";
    }

    internal static string NameOf(string text, string fallback)
    {
        var name = new StringBuilder(PersonRules.NameCharsMax);
        foreach (var rune in text.EnumerateRunes())
        {
            if (name.Length + rune.Utf16SequenceLength > PersonRules.NameCharsMax)
                break;
            if (!Rune.IsControl(rune))
                name.Append(rune.ToString());
        }
        return string.IsNullOrWhiteSpace(name.ToString()) ? fallback : name.ToString();
    }
}
