namespace Tidings.Bench.Start;
internal static class OpenChild { public const string Verb = "open"; public static Task<int> RunAsync(Arguments line) { line.End(); return Task.FromResult(0); } }
