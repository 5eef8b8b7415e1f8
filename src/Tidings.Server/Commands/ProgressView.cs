using System.Globalization;
using Spectre.Console;

namespace Tidings.Server.Commands;

/// <summary>
/// Shows how a long task goes on: a bar with rate and time left on a terminal, and elsewhere (a pipe, a log) a plain line every few seconds.
/// </summary>
internal sealed class ProgressView(IAnsiConsole console, TimeProvider clock)
{
    /// <summary>Leaves room for the figures on a terminal of 80 columns.</summary>
    private const int BarChars = 24;

    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>How far a task is: the fraction of the whole, 0 to 1, and the number of things done.</summary>
    public delegate void Report(double fraction, long done);

    /// <param name="unit">What is counted: follows, people.</param>
    public async Task<T> RunAsync<T>(string title, string unit, Func<Report, Task<T>> work)
    {
        var pace = new Pace(clock);
        if (!console.Profile.Out.IsTerminal)
            return await work(Lines(title, unit, pace));

        console.WriteLine(title);
        return await console.Progress()
            .Columns(new ProgressBarColumn { Width = BarChars }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(unit), maxValue: 1);
                var result = await work((fraction, done) =>
                {
                    pace.Note(fraction, done);
                    task.Value = fraction;
                    task.Description = Markup.Escape(Figures(done, unit, pace));
                });
                task.Value = 1;
                return result;
            });
    }

    private Report Lines(string title, string unit, Pace pace)
    {
        var last = clock.GetTimestamp();
        return (fraction, done) =>
        {
            pace.Note(fraction, done);
            if (clock.GetElapsedTime(last) < LineEvery)
                return;
            last = clock.GetTimestamp();
            console.Profile.Out.Writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {fraction:P0}, {Figures(done, unit, pace)}"));
        };
    }

    private static string Figures(long done, string unit, Pace pace)
    {
        var left = pace.Left is { } time ? string.Create(CultureInfo.InvariantCulture, $", {(int)time.TotalHours}:{time:mm\\:ss} left") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{done:N0} {unit}, {pace.Rate:N0}/s{left}");
    }
}
