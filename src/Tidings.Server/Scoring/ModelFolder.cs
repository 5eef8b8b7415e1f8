using System.Globalization;

namespace Tidings.Server.Scoring;

/// <summary>
/// The models that the operator has put in, beside the record: <c>models/000012-name.model</c>, counted up, at most <see cref="KeptMax"/>. The one with the highest
/// number ranks after a start; rolling back takes it away. A file is written under another name and moved, so none is ever half there.
/// </summary>
internal sealed class ModelFolder(string dataFolder)
{
    public const int KeptMax = 5;

    private const string Ending = ".model";

    private readonly string _folder = Path.Combine(dataFolder, "models");

    /// <summary>Newest first.</summary>
    public IReadOnlyList<string> Files => Directory.Exists(_folder)
        ? [.. Directory.EnumerateFiles(_folder, "*" + Ending).OrderDescending(StringComparer.Ordinal)]
        : [];

    /// <exception cref="IOException">It can't be written.</exception>
    public string Add(string name, byte[] file)
    {
        Directory.CreateDirectory(_folder);
        var files = Files;
        var number = files.Count == 0 ? 1 : NumberOf(files[0]) + 1;
        var plain = new string([.. name.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_')]);
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{number:000000}-{plain}{Ending}"));
        File.WriteAllBytes(path + ".part", file);
        File.Move(path + ".part", path);
        foreach (var old in files.Skip(KeptMax - 1))
            File.Delete(old);
        return path;
    }

    /// <summary>The name that a file was put in under.</summary>
    public static string NameOf(string path) => Path.GetFileName(path)[7..^Ending.Length];

    private static int NumberOf(string path) => int.TryParse(Path.GetFileName(path).AsSpan(0, 6), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
