using System.Text.Json;
using Tidings.People;

namespace Tidings.Import;

/// <summary><c>{"id": "12", "handle": "ada", "name": "Ada", "bio": ""}</c>; all but the handle may be left out, the name is then the handle.</summary>
internal static class PersonJson
{
    public const int IdCharsMax = 100;

    private static readonly string[] Names = ["id", "handle", "name", "bio"];

    public static PersonLine Parse(long line, ref Utf8JsonReader json, long latestUnixMs)
    {
        string? id = null, handle = null, name = null, bio = null;
        var seen = 0u;
        JsonFields.Begin(ref json);
        for (int field; (field = JsonFields.Next(ref json, Names, ref seen)) >= 0;)
        {
            var text = JsonFields.Text(ref json, Names[field]);
            switch (field)
            {
                case 0: id = text; break;
                case 1: handle = text; break;
                case 2: name = text; break;
                default: bio = text; break;
            }
        }
        if (id is { Length: 0 or > IdCharsMax })
            throw new BadFieldException($"id has not 1 to {IdCharsMax} characters");
        var person = new PersonLine(line, id, JsonFields.Required(handle, "handle"), name ?? handle!, bio ?? "");
        JsonFields.Keep(PersonRules.Check(person.Handle, person.Name, person.Bio));
        return person;
    }
}
