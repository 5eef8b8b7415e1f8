namespace Tidings.People;

/// <param name="Handle">Unique, lower case, see <see cref="PersonRules"/>.</param>
/// <param name="CreatedUnixMs">When the person signed up.</param>
public sealed record Person(UserId Id, string Handle, string Name, string Bio, long CreatedUnixMs);

/// <param name="PasswordHash">As made by <see cref="Password.Hash"/>; empty for a person who signs in through the product's own backend only.</param>
public sealed record NewPerson(string Handle, string Name, string Bio, byte[] PasswordHash);

/// <summary>What a sign-up or a profile change may say.</summary>
public static class PersonRules
{
    public const int HandleCharsMin = 2;
    public const int HandleCharsMax = 30;
    public const int NameCharsMax = 80;
    public const int BioCharsMax = 500;
    public const int PasswordCharsMin = 10;
    public const int PasswordCharsMax = 200;

    public static Rejection? Check(string handle, string name, string bio)
    {
        if (handle.Length is < HandleCharsMin or > HandleCharsMax)
            return Rejection.Invalid("handle", $"A handle has {HandleCharsMin} to {HandleCharsMax} characters.");
        foreach (var c in handle)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
                return Rejection.Invalid("handle", "A handle is made of a-z, 0-9 and _ only.");
        }
        return CheckProfile(name, bio);
    }

    public static Rejection? CheckProfile(string name, string bio)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > NameCharsMax)
            return Rejection.Invalid("name", $"A name has 1 to {NameCharsMax} characters and is not blank.");
        return bio.Length > BioCharsMax ? Rejection.Invalid("bio", $"A bio has at most {BioCharsMax} characters.") : null;
    }

    public static Rejection? CheckPassword(string password) => password.Length is < PasswordCharsMin or > PasswordCharsMax
        ? Rejection.Invalid("password", $"A password has {PasswordCharsMin} to {PasswordCharsMax} characters.")
        : null;
}
