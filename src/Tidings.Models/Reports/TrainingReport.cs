using System.Globalization;
using System.Net;
using System.Text;
using Tidings.Models.Evaluation;
using Tidings.Models.Training;
using Tidings.Ranking;

namespace Tidings.Models.Reports;

/// <summary>What a training made, as one HTML page that needs nothing else. It holds no time and no path: the same training gives the same page.</summary>
public static class TrainingReport
{
    private const string Style =
        """
        :root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse;margin:.5rem 0}th,td{padding:.2rem .8rem .2rem 0;text-align:right;font-variant-numeric:tabular-nums}
        th:first-child,td:first-child{text-align:left}th{border-bottom:1px solid #8888}small{opacity:.75}
        .charts{display:flex;flex-wrap:wrap;gap:1rem}figure{margin:0}figcaption{font-weight:600}
        svg{max-width:100%}svg text{font:12px system-ui,sans-serif;fill:currentColor}
        .bar{fill:#4a7fb5}.whisker,.axis{stroke:currentColor;fill:none}.axis{opacity:.6}
        .line{stroke:#4a7fb5;stroke-width:2;fill:none}.dot{fill:#4a7fb5}.ideal{stroke:#b56a4a;stroke-dasharray:4 4;fill:none}
        """;

    /// <param name="learnedFrom">In words.</param>
    public static string Html(TrainingResult result, string learnedFrom)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n<title>")
            .Append(Plain(result.Model.Name)).Append(": training report</title>\n<style>\n").Append(Style).Append("</style></head><body>\n<h1>")
            .Append(Plain(result.Model.Name)).Append("</h1>\n");
        page.Append(C($"<p>Version {result.Model.Version}, {result.File.Length:N0} bytes. Learned from {Plain(learnedFrom)}: {result.SlatesLearned:N0} slates, {result.RowsLearned:N0} candidates, seed {result.Options.Seed}, {result.Options.Epochs} passes, layers {Features.Count}–{result.Options.Hidden1}–{result.Options.Hidden2}–{Heads.Count}{(result.Options.Without.Count == 0 ? "" : $", without {string.Join(", ", result.Options.Without)}")}. All figures below are of slates from {DateTimeOffset.FromUnixTimeMilliseconds(result.SplitUnixMs):yyyy-MM-dd HH:mm} UTC on, which nothing was learned from.</p>\n"));
        ComparisonPart(page, result.Comparison);
        HeadsPart(page, result.HeadFigures);
        page.Append("<h2>What it looks at</h2>\n<p>How much nDCG@10 falls where a feature's values are dealt out anew. Features that say the same share what they say.</p>\n")
            .Append(Svg.Bars("Importance of features", [.. result.Importance.Select(i => (i.Feature, i.Loss, i.Loss, i.Loss))], "0.0000"));
        page.Append("<h2>How it learned</h2>\n").Append(Figure("Log loss of the four heads on slates held back, after each pass",
            Svg.Line("Log loss by pass", "pass", "log loss", [.. result.ValidationLosses.Index().Select(l => (l.Index + 1.0, l.Item))], diagonal: false)));
        return page.Append("</body></html>\n").ToString();
    }

    private static void ComparisonPart(StringBuilder page, ComparisonResult comparison)
    {
        page.Append(C($"<h2>How it ranks</h2>\n<p>{comparison.Slates:N0} slates of {comparison.Readers:N0} readers, {comparison.Candidates:N0} candidates, of which {comparison.Positives:N0} came to something. Brackets hold 95 % of 1,000 resamples of the readers.</p>\n<table><tr><th>Ranked by</th>"));
        foreach (var name in SlateFigures.Names)
            page.Append(C($"<th>{name}</th>"));
        page.Append("</tr>\n");
        foreach (var ranker in comparison.Rankers)
            Row(page, ranker.Name, ranker.Figures, "0.0000");
        foreach (var pair in comparison.Pairs)
            Row(page, $"{pair.Model} − {pair.Other}", pair.Ahead, "+0.0000;-0.0000");
        page.Append("</table>\n").Append(Svg.Bars("nDCG@10", [.. comparison.Rankers.Select(r => (r.Name, r.Figures[1].Mean, r.Figures[1].Low, r.Figures[1].High))], "0.000"));
    }

    private static void HeadsPart(StringBuilder page, IReadOnlyList<HeadFigures> heads)
    {
        page.Append("<h2>What it predicts</h2>\n<table><tr><th>Head</th><th>came true</th><th>rate</th><th>AUC</th><th>log loss</th><th>of the rate alone</th><th>calibration error</th></tr>\n");
        foreach (var head in heads)
            page.Append(C($"<tr><td>{head.Head}</td><td>{head.Positives:N0}</td><td>{head.Rate:0.00000}</td><td>{head.Auc:0.0000}</td><td>{head.LogLoss:0.00000}</td><td>{head.BaseLogLoss:0.00000}</td><td>{head.CalibrationError:0.00000}</td></tr>\n"));
        page.Append("</table>\n<div class=\"charts\">\n");
        foreach (var head in heads)
        {
            page.Append(Figure($"Calibration: {head.Head}",
                Svg.Line($"Calibration of {head.Head}", "predicted", "observed", [.. head.Bins.Select(bin => (bin.Predicted, bin.Observed))], diagonal: true)));
        }
        page.Append("</div>\n");
    }

    private static void Row(StringBuilder page, string name, IReadOnlyList<Interval> figures, string format)
    {
        page.Append("<tr><td>").Append(Plain(name)).Append("</td>");
        foreach (var figure in figures)
            page.Append(C($"<td>{N(figure.Mean)} <small>[{N(figure.Low)}, {N(figure.High)}]</small></td>"));
        page.Append("</tr>\n");

        string N(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Figure(string caption, string svg) => $"<figure><figcaption>{Plain(caption)}</figcaption>{svg}</figure>\n";

    private static string Plain(string text) => WebUtility.HtmlEncode(text);

    private static string C(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
