using System.CommandLine;
using Spectre.Console;
using Tidings.Server.Commands;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly DataFolder _data = new();
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("tidings-files-");
    private readonly StringWriter _output = new(), _errors = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task Files_are_imported_in_their_order_and_each_reports_its_figures()
    {
        var people = Write("people.ndjson", """{"id": "1", "handle": "ada"}""", """{"id": "2", "handle": "bob"}""");
        var follows = Write("follows.txt", "# comment", "1 2", "nonsense", "2 3");

        Assert.Equal(0, await RunAsync(people, follows));

        var text = _output.ToString();
        Assert.Contains("people.ndjson: 2 lines", text);
        Assert.Contains("2 people", text);
        Assert.Contains("follows.txt: 4 lines", text);
        Assert.Contains("1 bad line was passed over:\n  line 3: an id is not a non-negative integer", text.ReplaceLineEndings("\n"));
        await using var profile = await _data.OpenAsync(TimeProvider.System, CancellationToken.None);
        var bob = await profile.People.FindAsync("bob", CancellationToken.None);
        Assert.Equal(1, (await profile.Graph.CountsAsync(bob!.Value, CancellationToken.None)).Followers);
        Assert.NotNull(await profile.People.FindAsync("x3", CancellationToken.None));
    }

    [Theory]
    [InlineData("There is no file", "gone.txt")]
    [InlineData("does not tell what it holds", "data.bin")]
    [InlineData("--both-ways is for edges", "people.ndjson", "--both-ways")]
    [InlineData("A handle prefix has 1 to 10 characters", "follows.txt", "--handle-prefix", "X Y")]
    [InlineData("Stopped at bad line 1, more than the 0 allowed", "bad.txt", "--bad-lines-max", "0")]
    public async Task What_can_not_be_imported_is_said_and_the_exit_code_is_1(string why, string file, params string[] options)
    {
        Write("data.bin", "x");
        Write("people.ndjson", """{"handle": "ada"}""");
        Write("follows.txt", "1 2");
        Write("bad.txt", "1");

        Assert.Equal(1, await RunAsync([Path.Combine(_files.FullName, file), .. options]));
        Assert.Contains(why, _errors.ToString());
    }

    private string Write(string name, params string[] lines)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    private async Task<int> RunAsync(params string[] args)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output) });
        var line = ImportCommand.Create().Parse([.. args, "--data", _data.Path]);
        Assert.Empty(line.Errors);
        line.InvocationConfiguration.Error = _errors;
        return await ImportCommand.RunAsync(line, console, TimeProvider.System, CancellationToken.None);
    }
}
