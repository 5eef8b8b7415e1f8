namespace Tidings.Bench.Replay;
internal static class HiggsCommand { public static Task<int> RunAsync(Arguments line) { line.End(); return Task.FromResult(0); } }
internal static class EgoCommand { public static Task<int> RunAsync(Arguments line) { line.End(); return Task.FromResult(0); } }
