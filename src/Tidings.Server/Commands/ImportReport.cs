using System.Globalization;
using Tidings.Import;

namespace Tidings.Server.Commands;

/// <summary>What an import says of itself when it is done.</summary>
internal static class ImportReport
{
    public static void Write(TextWriter to, string name, string unit, ImportSummary summary, TimeSpan took)
    {
        var rate = summary.Stored / Math.Max(0.001, took.TotalSeconds);
        to.WriteLine(Format($"{name}: {summary.Lines:N0} lines in {took.TotalSeconds:N1} s: {summary.Stored:N0} {unit} read ({rate:N0}/s), {summary.PeopleAdded:N0} new people."));
        if (summary.ResumedAfterLine > 0)
            to.WriteLine(Format($"The lines up to {summary.ResumedAfterLine:N0} were stored by an earlier run."));
        if (summary.BadLines == 0)
            return;
        to.WriteLine(Format($"{summary.BadLines:N0} bad {(summary.BadLines == 1 ? "line was" : "lines were")} passed over:"));
        WriteLines(to, summary.FirstBadLines);
        if (summary.BadLines > summary.FirstBadLines.Count)
            to.WriteLine(Format($"  and {summary.BadLines - summary.FirstBadLines.Count:N0} more"));
    }

    public static void WriteLines(TextWriter to, IReadOnlyList<BadLine> lines)
    {
        foreach (var bad in lines)
            to.WriteLine(Format($"  line {bad.Line:N0}: {bad.Reason}"));
    }

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
