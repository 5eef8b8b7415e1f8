using System.Security.Cryptography;
using System.Text;

namespace Tidings.Redis.Cluster;

/// <summary>
/// The functions that run inside Redis, so that what is decided there is decided at once. Library and functions bear the hash of their text in their names:
/// programs of two versions load theirs beside each other, and none calls the other's.
/// </summary>
internal static class FunctionLibrary
{
    private const string Folder = "functions/";

    static FunctionLibrary()
    {
        var assembly = typeof(FunctionLibrary).Assembly;
        var body = new StringBuilder();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            body.Append(reader.ReadToEnd());
        }
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToString())))[..8];
        NameEnd = "_" + hash;
        Name = "tidings" + NameEnd;
        Code = $"#!lua name={Name}\nlocal NAME_END = '{NameEnd}'\n{body}";
    }

    public static string Name { get; }

    public static string Code { get; }

    private static string NameEnd { get; }

    /// <summary>What a function is called in Redis.</summary>
    public static string Function(string name) => name + NameEnd;
}
