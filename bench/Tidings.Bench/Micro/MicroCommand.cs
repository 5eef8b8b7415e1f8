using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Tidings.Bench.Micro;

/// <summary>BenchmarkDotNet inside this process: the worlds are large, and the house rules of the build are not for generated projects.</summary>
internal static class MicroCommand
{
    public static int Run(string[] args)
    {
        var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10);
        var config = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default);
        if (args is [var filter] && !filter.StartsWith('-'))
            args = ["--filter", $"*{filter}*"];
        else if (args.Length == 0)
            args = ["--filter", "*"];
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(args, config);
        return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
    }
}
