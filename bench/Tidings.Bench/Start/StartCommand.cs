namespace Tidings.Bench.Start;
internal static class StartCommand { public static Task<int> RunAsync(Arguments line) { line.End(); return Task.FromResult(0); } }
