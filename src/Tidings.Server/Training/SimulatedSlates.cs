using Tidings.Models.Evaluation;

namespace Tidings.Server.Training;

/// <summary>
/// Slates to learn from without a log: for each drawn network (<see cref="SimulatedWorld"/>, <see cref="WorldSlates"/>) two drawn laws
/// (<see cref="LawSlates"/>). One world follows the other in time, so the slates that are held out, the latest, are of worlds of which nothing was learned.
/// </summary>
/// <param name="days">That pass in each network.</param>
/// <param name="slates">In all, about; some worlds are too quiet for their share.</param>
internal sealed class SimulatedSlates(ulong seed, int days, int slates)
{
    private const int PerNetwork = 150, PerLaw = 5, LawsPerNetwork = 2;
    private const int WorldsMin = 5;

    /// <summary>2026-01-05, a Monday.</summary>
    private const long BeginUnixMs = 1_767_571_200_000;
    private const long DayMs = 86_400_000;

    public int Worlds { get; } = Math.Max(WorldsMin, slates / (PerNetwork + LawsPerNetwork * PerLaw));

    /// <param name="progress">Told the fraction that is done.</param>
    public List<LabelledSlate> Make(Action<double>? progress, CancellationToken ct)
    {
        var perNetwork = (double)slates / Worlds * PerNetwork / (PerNetwork + LawsPerNetwork * PerLaw);
        var perLaw = (int)Math.Ceiling((double)slates / Worlds * PerLaw / (PerNetwork + LawsPerNetwork * PerLaw));
        var (made, done) = (new List<LabelledSlate>[Worlds], 0);
        Parallel.For(0, Worlds, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount }, number =>
        {
            var begin = BeginUnixMs + number * days * DayMs;
            var world = new WorldSlates(SimulatedWorld.Draw(seed, number), $"{number}-").Play(begin, days, (int)Math.Ceiling(perNetwork), ct);
            for (var law = 0; law < LawsPerNetwork; law++)
                world.AddRange(LawSlates.Make(seed, number * LawsPerNetwork + law, begin, perLaw));
            made[number] = world;
            progress?.Invoke((double)Interlocked.Increment(ref done) / Worlds);
        });
        return [.. made.SelectMany(world => world)];
    }
}
