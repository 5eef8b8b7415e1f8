using System.Globalization;
using Xunit;

namespace Tidings.Tests.Simulation;

public sealed class SimulationTests
{
    private const int StepsPerSequence = 120;

    /// <summary>Each waits for its disk most of the time.</summary>
    private const int AtATime = 6;

    /// <summary>How many sequences: TIDINGS_SEQUENCES; the first seed: TIDINGS_SEED.</summary>
    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    [Fact]
    public async Task Feeds_counts_ties_and_cursors_agree_with_the_reference_model_after_every_step()
    {
        var sequences = Setting("TIDINGS_SEQUENCES", 200);
        var first = Setting("TIDINGS_SEED", 1);
        await Parallel.ForEachAsync(Enumerable.Range(first, sequences), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (seed, _) =>
        {
            try
            {
                await using var tidings = await SimulatedTidings.StartAsync(thresholdFollowers: 3 + seed % 9);
                await new Simulation(tidings, new Random(seed)).RunAsync(StepsPerSequence);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Sequence failed; repeat it with TIDINGS_SEQUENCES=1 TIDINGS_SEED={seed}", e);
            }
        });
    }
}
