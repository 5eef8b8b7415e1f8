using System.Globalization;
using System.Net;
using System.Text;

namespace Tidings.Models.Reports;

/// <summary>Plain charts as SVG: no script, no outside font, readable in light and dark.</summary>
internal static class Svg
{
    private const int Width = 420, Height = 260, Left = 52, Bottom = 36, Top = 12, Right = 14;

    /// <summary>Horizontal bars with their intervals, and a line at zero.</summary>
    public static string Bars(string title, IReadOnlyList<(string Name, double Value, double Low, double High)> bars, string format)
    {
        const int row = 26, names = 190;
        var height = bars.Count * row + 34;
        var low = Math.Min(0, bars.Count == 0 ? 0 : bars.Min(bar => Math.Min(bar.Low, bar.Value)));
        var high = Math.Max(1e-9, bars.Count == 0 ? 0 : bars.Max(bar => Math.Max(bar.High, bar.Value)));
        double X(double value) => names + (value - low) / (high - low) * (640 - names - 90);
        var svg = Begin(640, height, title);
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, value, from, to) = bars[i];
            var y = 10 + i * row;
            var (x0, x1) = (Math.Min(X(0), X(value)), Math.Max(X(0), X(value)));
            svg.Append(C($"<text x=\"{names - 8}\" y=\"{y + 14}\" text-anchor=\"end\">{WebUtility.HtmlEncode(name)}</text>"))
                .Append(C($"<rect class=\"bar\" x=\"{x0:0.#}\" y=\"{y + 2}\" width=\"{x1 - x0:0.#}\" height=\"{row - 10}\"/>"))
                .Append(C($"<text x=\"{X(Math.Max(0, Math.Max(to, value))) + 6:0.#}\" y=\"{y + 14}\">{value.ToString(format, CultureInfo.InvariantCulture)}</text>"));
            if (to > from)
                svg.Append(C($"<path class=\"whisker\" d=\"M{X(from):0.#} {y + 10}H{X(to):0.#}M{X(from):0.#} {y + 5}v10M{X(to):0.#} {y + 5}v10\"/>"));
        }
        return svg.Append(C($"<path class=\"axis\" d=\"M{X(0):0.#} 6V{height - 24}\"/></svg>")).ToString();
    }

    /// <summary>Points joined by a line; with <paramref name="diagonal"/> the line on which they would lie best.</summary>
    public static string Line(string title, string xName, string yName, IReadOnlyList<(double X, double Y)> points, bool diagonal)
    {
        var svg = Begin(Width, Height, title);
        if (points.Count == 0)
            return svg.Append("</svg>").ToString();
        var (minX, maxX) = Range(points.Select(p => p.X), diagonal);
        var (minY, maxY) = Range(points.Select(p => p.Y), diagonal);
        if (diagonal)
            (minX, maxX, minY, maxY) = (0, Math.Max(maxX, maxY), 0, Math.Max(maxX, maxY));
        double X(double x) => Left + (x - minX) / (maxX - minX) * (Width - Left - Right);
        double Y(double y) => Height - Bottom - (y - minY) / (maxY - minY) * (Height - Bottom - Top);
        if (diagonal)
            svg.Append(C($"<path class=\"ideal\" d=\"M{X(minX):0.#} {Y(minY):0.#}L{X(maxX):0.#} {Y(maxY):0.#}\"/>"));
        svg.Append("<polyline class=\"line\" points=\"").AppendJoin(' ', points.Select(p => C($"{X(p.X):0.#},{Y(p.Y):0.#}"))).Append("\"/>");
        foreach (var (x, y) in points)
            svg.Append(C($"<circle class=\"dot\" cx=\"{X(x):0.#}\" cy=\"{Y(y):0.#}\" r=\"3\"/>"));
        svg.Append(C($"<path class=\"axis\" d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\"/>"))
            .Append(C($"<text x=\"{(Width + Left) / 2}\" y=\"{Height - 6}\" text-anchor=\"middle\">{xName}</text>"))
            .Append(C($"<text x=\"{Left}\" y=\"{Height - Bottom + 15}\" text-anchor=\"middle\">{minX:0.####}</text>"))
            .Append(C($"<text x=\"{Width - Right}\" y=\"{Height - Bottom + 15}\" text-anchor=\"end\">{maxX:0.####}</text>"))
            .Append(C($"<text x=\"{Left - 6}\" y=\"{Y(minY):0.#}\" text-anchor=\"end\">{minY:0.####}</text>"))
            .Append(C($"<text x=\"{Left - 6}\" y=\"{Top + 8}\" text-anchor=\"end\">{maxY:0.####}</text>"))
            .Append(C($"<text x=\"12\" y=\"{Height / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 12 {Height / 2})\">{yName}</text>"));
        return svg.Append("</svg>").ToString();
    }

    private static (double Min, double Max) Range(IEnumerable<double> values, bool fromZero)
    {
        var (min, max) = (fromZero ? 0 : double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return max > min ? (min, max) : (min - 0.5, min + 0.5);
    }

    private static StringBuilder Begin(int width, int height, string title) => new StringBuilder()
        .Append(C($"<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">"));

    private static string C(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
