using System.Globalization;
using Tidings.Import;
using Tidings.Models.Evaluation;
using Tidings.Server.Commands;

namespace Tidings.Server.Training;

/// <summary>Slates from files, and a word about the lines that are none.</summary>
internal static class SlateFiles
{
    /// <inheritdoc cref="Walk"/>
    public static List<LabelledSlate> Read(IEnumerable<string> paths, long badLinesMax, TextWriter to) => [.. paths.SelectMany(path => Walk(path, badLinesMax, to))];

    /// <summary>One after the other: a file may be larger than memory.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="ImportSourceException">It is damaged or cut off.</exception>
    /// <exception cref="TooManyBadLinesException"/>
    public static IEnumerable<LabelledSlate> Walk(string path, long badLinesMax, TextWriter to)
    {
        using var source = SourceFile.Open(path);
        var bad = new BadLines(badLinesMax);
        var reader = new SlateReader(source.Content, bad);
        while (reader.Read() is { } slate)
            yield return slate;
        if (bad.Count == 0)
            yield break;
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{source.Name}: {bad.Count:N0} of {reader.Line:N0} lines were passed over:"));
        ImportReport.WriteLines(to, bad.First);
        if (bad.Count > bad.First.Count)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {bad.Count - bad.First.Count:N0} more"));
    }
}
