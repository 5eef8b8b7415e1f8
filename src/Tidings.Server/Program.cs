using System.CommandLine;
using System.CommandLine.Invocation;
using Tidings.Models;
using Tidings.Server.Commands;

// What the program can do. Without a command it serves.
var tidings = ServeCommand.Create();
tidings.Subcommands.Add(ImportCommand.Create());
tidings.Subcommands.Add(SimulateCommand.Create());
tidings.Subcommands.Add(TrainCommand.Create());
tidings.Subcommands.Add(EvaluateCommand.Create());
tidings.Subcommands.Add(NewAdminKeyCommand.Create());
tidings.Subcommands.Add(OpenApiCommand.Create());
tidings.Subcommands.Add(ExportSlatesCommand.Create());
tidings.Subcommands.Add(ReplaySlatesCommand.Create(path => ModelFile.Open(path)));

// The web host hears the signals to stop itself, and takes its time; the other commands are cancelled.
var line = tidings.Parse(args);
if (line.Action is ParseErrorAction)
{
    foreach (var error in line.Errors)
        Console.Error.WriteLine($"tidings: {error.Message}");
    Console.Error.WriteLine("tidings: --help says what there is.");
    return ServeCommand.BadSettings;
}
var serves = line.CommandResult.Command == tidings;
return await line.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = serves ? null : TimeSpan.FromSeconds(30) });
