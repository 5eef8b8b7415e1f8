using Tidings.Ranking;

namespace Tidings.Models.Training;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>Any number; the same gives the same file. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Passes over the slates. 1 to 100; default 8. The pass that does best on the slates held back is kept.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>Values of the first hidden layer. 4 to 256; default 32.</summary>
    public int Hidden1 { get; init; } = 32;

    /// <summary>Of the second. 4 to 256; default 16.</summary>
    public int Hidden2 { get; init; } = 16;

    /// <summary>Share of the slates, the latest, that nothing is learned from: they say how good the model is. 0.05 to 0.5; default 0.2.</summary>
    public double HeldOut { get; init; } = 0.2;

    /// <summary>What the order within a slate weighs beside the log loss of the heads: see <see cref="SlateLoss"/>. 0 to 10; default 2.</summary>
    public double OrderWeight { get; init; } = 2;

    /// <summary>Features, by name, that the model shall not look at: those that say something else where it learns than where it serves. Default none.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <returns>Null, or what is out of its range.</returns>
    public string? Check() => Without.FirstOrDefault(name => !Features.Names.Contains(name)) is { } unknown
        ? $"There is no feature {ModelFile.Quoted(unknown)}; there are {string.Join(", ", Features.Names)}."
        : CheckNumbers();

    private string? CheckNumbers() => OrderWeight is >= 0 and <= 10 ? CheckSizes() : FormattableString.Invariant($"The order's weight is 0 to 10; this is {OrderWeight}.");

    private string? CheckSizes() => (Epochs, Hidden1, Hidden2, HeldOut) switch
    {
        ( < 1 or > 100, _, _, _) => $"The epochs are 1 to 100; this is {Epochs}.",
        (_, < 4 or > ModelLimits.LayerWidthMax, _, _) or (_, _, < 4 or > ModelLimits.LayerWidthMax, _) =>
            $"A hidden layer has 4 to {ModelLimits.LayerWidthMax} values; these have {Hidden1} and {Hidden2}.",
        (_, _, _, < 0.05 or > 0.5) or (_, _, _, double.NaN) => FormattableString.Invariant($"Held out are 0.05 to 0.5 of the slates; this is {HeldOut}."),
        _ => null,
    };
}
