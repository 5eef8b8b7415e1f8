using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidings.Bench.Measuring;

/// <summary>What a command measured: rows beside the goals, on the screen and as JSON.</summary>
internal sealed class Report(string command)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly List<Row> _rows = [];

    public sealed record Row(string What, double Median, double Min, double Max, string Unit, string? Goal, bool? Met);

    public void Add(string what, Series series, string unit, double? atLeast = null, double? atMost = null)
    {
        var goal = (atLeast, atMost) switch
        {
            ({ } least, _) => $"≥ {least:0.##}",
            (_, { } most) => $"≤ {most:0.##}",
            _ => null,
        };
        bool? met = goal is null ? null : !(series.Median < atLeast) && !(series.Median > atMost);
        var row = new Row(what, series.Median, series.Min, series.Max, unit, goal, met);
        _rows.Add(row);
        var verdict = met switch { true => "met", false => "MISSED", _ => "" };
        Console.WriteLine($"  {what,-66} {series.Say(unit),-34} {(goal is null ? "" : $"goal {goal} {unit}"),-22} {verdict}");
    }

    public void Add(string what, double value, string unit, double? atLeast = null, double? atMost = null) =>
        Add(what, new Series([value]), unit, atLeast, atMost);

    public static void Section(string title) => Console.WriteLine($"\n{title}");

    /// <summary>The machine, what else runs on it, and the commit that was measured.</summary>
    public static string MachineLine()
    {
        var model = OperatingSystem.IsLinux()
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        var load = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
        var memoryGib = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        return $"{Environment.ProcessorCount} cores, {model ?? "unknown processor"}, {memoryGib:0} GiB, .NET {Environment.Version}, "
            + $"load {load} before the run, commit {Commit()}";
    }

    public void Begin() => Console.WriteLine($"{command}\n{MachineLine()}\nMedian (least–most of the rounds)");

    public async Task EndAsync(string jsonFile)
    {
        if (jsonFile.Length == 0)
            return;
        await using var file = File.Create(jsonFile);
        await JsonSerializer.SerializeAsync(file, new { command, machine = MachineLine(), rows = _rows }, Json);
    }

    private static string Commit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", "describe --always --dirty") { RedirectStandardOutput = true, RedirectStandardError = true });
            return git?.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } commit ? commit : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
