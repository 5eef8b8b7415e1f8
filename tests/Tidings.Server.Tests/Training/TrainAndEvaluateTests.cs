using System.CommandLine;
using Spectre.Console;
using Tidings.Server.Commands;
using Xunit;

namespace Tidings.Server.Tests.Training;

public sealed class TrainAndEvaluateTests : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("tidings-models-");
    private readonly StringWriter _output = new(), _errors = new();

    public void Dispose() => _files.Delete(recursive: true);

    private string In(string name) => Path.Combine(_files.FullName, name);

    [Fact]
    public async Task Training_on_the_simulator_twice_makes_the_same_file_and_a_report_without_anything_from_elsewhere()
    {
        foreach (var name in new[] { "a.onnx", "b.onnx" })
            Assert.Equal(0, await TrainAsync("--simulate", "--days", "6", "--slates", "600", "--epochs", "1", "--name", "small", "--out", In(name)));
        Assert.Equal(File.ReadAllBytes(In("a.onnx")), File.ReadAllBytes(In("b.onnx")));
        var report = File.ReadAllText(In("a.html"));
        Assert.Equal(report, File.ReadAllText(In("b.html")));
        Assert.Contains("<svg", report);
        Assert.DoesNotContain("http", report);
        Assert.DoesNotContain("<script", report);
        Assert.Contains("small − time order", _output.ToString());
    }

    [Fact]
    public async Task A_trace_is_trained_on_and_evaluated_and_its_bad_lines_are_named()
    {
        var lines = Enumerable.Range(0, 120).Select(s => $$"""{"reader":{{s % 17}},"time":{{1_341_100_000 + s * 60}},"unknown":{},"candidates":[{{string.Join(',', Enumerable.Range(0, 8).Select(c =>
            $$"""{"id":{{s * 8 + c}},"author":{{c}},"age_hours":{{c + 1}},"affinity":{{(s + c) % 8 * 10}},"label":{{((s + c) % 8 == 7 ? "\"share\"" : "0")}}}"""))}}]}""");
        File.WriteAllLines(In("trace.ndjson"), [.. lines, "nonsense"]);
        Assert.Equal(0, await TrainAsync(In("trace.ndjson"), "--epochs", "20", "--out", In("m.onnx")));
        Assert.Equal(0, await EvaluateAsync("--trace", In("trace.ndjson"), "--model", In("m.onnx")));
        var text = _output.ToString();
        Assert.Contains("trace.ndjson: 1 of 121 lines were passed over", text);
        Assert.Contains("line 121: it is not JSON", text);
        Assert.Contains("120 slates of 17 readers, 960 candidates, 120 of which came to something", text);
        Assert.Contains("m − seed's formula", text);
    }

    [Fact]
    public async Task An_activity_log_is_split_trained_on_and_evaluated()
    {
        var random = new Random(3);
        // Everybody has one favourite of twenty, whom they mostly pass on.
        var lines = Enumerable.Range(0, 6_000).Select(i => (Actor: 100 + i % 40, Time: 1_341_100_000 + i * 20))
            .Select(e => $"{e.Actor} {(random.Next(3) > 0 ? e.Actor % 20 : random.Next(20))} {e.Time} RT");
        File.WriteAllLines(In("log.txt"), lines);
        Assert.Equal(0, await EvaluateAsync("--higgs", In("log.txt"), "--save-model", In("m.onnx")));
        var text = _output.ToString();
        Assert.Contains("Ties grown from the log", text);
        Assert.Contains("trained before the split − time order", text);
        Assert.Contains("trained before the split − default (given)", text);
        Assert.True(File.Exists(In("m.onnx")));
    }

    [Theory]
    [InlineData("--simulate or both", "Say what to learn from")]
    [InlineData("--simulate --without fame", "'fame'")]
    [InlineData("--simulate --epochs 0", "The epochs are 1 to 100")]
    [InlineData("gone.ndjson", "gone.ndjson")]
    public async Task What_can_not_be_trained_is_said_and_the_exit_code_is_1(string line, string why)
    {
        Assert.Equal(1, await TrainAsync([.. line.Split(' '), "--out", In("m.onnx")]));
        Assert.Contains(why, _errors.ToString());
        Assert.False(File.Exists(In("m.onnx")));
    }

    [Fact]
    public async Task What_can_not_be_evaluated_is_said_and_the_exit_code_is_1()
    {
        File.WriteAllText(In("empty.ndjson"), "");
        File.WriteAllText(In("bad.onnx"), "no model");
        Assert.Equal(1, await EvaluateAsync("--trace", In("empty.ndjson")));
        Assert.Equal(1, await EvaluateAsync("--trace", In("empty.ndjson"), "--model", In("bad.onnx")));
        Assert.Equal(1, await EvaluateAsync());
        Assert.Contains("There is no slate", _errors.ToString());
        Assert.Contains("damaged", _errors.ToString());
        Assert.Contains("Say what to evaluate on", _errors.ToString());
    }

    private Task<int> TrainAsync(params string[] args) => RunAsync(TrainCommand.Create(), TrainCommand.RunAsync, args);

    private Task<int> EvaluateAsync(params string[] args) => RunAsync(EvaluateCommand.Create(), EvaluateCommand.RunAsync, args);

    private Task<int> RunAsync(Command command, Func<ParseResult, IAnsiConsole, TimeProvider, CancellationToken, Task<int>> run, string[] args)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output) });
        var line = command.Parse(args);
        Assert.Empty(line.Errors);
        line.InvocationConfiguration.Error = _errors;
        return run(line, console, TimeProvider.System, CancellationToken.None);
    }
}
