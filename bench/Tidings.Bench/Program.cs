using Tidings.Bench;
using Tidings.Bench.Load;
using Tidings.Bench.Micro;
using Tidings.Bench.Quick;
using Tidings.Bench.Redis;
using Tidings.Bench.Replay;
using Tidings.Bench.Scoring;
using Tidings.Bench.Start;

try
{
    return args switch
    {
        ["micro", .. var rest] => MicroCommand.Run(rest),
        ["quick", .. var rest] => await QuickCommand.RunAsync(new Arguments(rest)),
        ["engine", .. var rest] => await EngineCommand.RunAsync(new Arguments(rest)),
        ["load", .. var rest] => await LoadCommand.RunAsync(new Arguments(rest)),
        ["pair", .. var rest] => await PairCommand.RunAsync(new Arguments(rest)),
        ["live", .. var rest] => await LiveCommand.RunAsync(new Arguments(rest)),
        ["replay", "higgs", .. var rest] => await HiggsCommand.RunAsync(new Arguments(rest)),
        ["replay", "ego", .. var rest] => await EgoCommand.RunAsync(new Arguments(rest)),
        ["models", .. var rest] => await ModelsCommand.RunAsync(new Arguments(rest)),
        ["redis", .. var rest] => await RedisCommand.RunAsync(new Arguments(rest)),
        ["start", .. var rest] => await StartCommand.RunAsync(new Arguments(rest)),
        [CeilingServer.Verb, .. var rest] => await CeilingServer.RunAsync(new Arguments(rest)),
        [OpenChild.Verb, .. var rest] => await OpenChild.RunAsync(new Arguments(rest)),
        _ => Usage.Print(),
    };
}
catch (UsageException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return Usage.Print();
}
