using System.Globalization;
using Tidings.Models.Evaluation;

namespace Tidings.Server.Training;

/// <summary>Figures as plain text, one line for each ranker, pair and head.</summary>
internal static class FigureTable
{
    public static void Write(TextWriter to, ComparisonResult result)
    {
        to.WriteLine(Text($"{result.Slates:N0} slates of {result.Readers:N0} readers, {result.Candidates:N0} candidates, {result.Positives:N0} of which came to something; {result.Passed:N0} more slates tell nothing."));
        if (result.Slates == 0)
            return;
        to.WriteLine($"  {"",-34}{string.Concat(SlateFigures.Names.Select(name => $"{name + " [95 %]",-28}"))}");
        foreach (var ranker in result.Rankers)
            to.WriteLine($"  {ranker.Name,-34}{string.Concat(ranker.Figures.Select(f => $"{Text($"{f.Mean:0.0000} [{f.Low:0.0000}, {f.High:0.0000}]"),-28}"))}");
        foreach (var pair in result.Pairs)
        {
            to.WriteLine($"  {pair.Model} − {pair.Other}");
            to.WriteLine($"  {"",-34}{string.Concat(pair.Ahead.Select(f => $"{Text($"{f.Mean:+0.0000;-0.0000} [{f.Low:+0.0000;-0.0000}, {f.High:+0.0000;-0.0000}]"),-28}"))}");
        }
    }

    public static void Write(TextWriter to, IReadOnlyList<HeadFigures> heads)
    {
        to.WriteLine($"  {"head",-10}{"positives",-12}{"rate",-10}{"AUC",-10}{"log loss",-12}{"of the rate",-12}calibration error");
        foreach (var head in heads)
            to.WriteLine(Text($"  {head.Head,-10}{head.Positives,-12:N0}{head.Rate,-10:0.00000}{(double.IsNaN(head.Auc) ? "–" : Text($"{head.Auc:0.0000}")),-10}{head.LogLoss,-12:0.00000}{head.BaseLogLoss,-12:0.00000}{head.CalibrationError:0.00000}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
