using Tidings.Models.Evaluation;
using Tidings.Ranking;

namespace Tidings.Models.Training;

/// <summary>How far a training is.</summary>
/// <param name="Fraction">Of all passes, 0 to 1.</param>
/// <param name="ValidationLoss">After a pass: the heads' log loss on slates that nothing is learned from.</param>
public readonly record struct TrainingProgress(int Epoch, double Fraction, double? ValidationLoss);

/// <summary>What a training made and how good it is on the slates that were held out.</summary>
/// <param name="File">The model as ONNX.</param>
/// <param name="SplitUnixMs">The first moment of the slates held out.</param>
public sealed record TrainingResult(
    byte[] File, IRankingModel Model, TrainingOptions Options, long SlatesLearned, long RowsLearned, long SplitUnixMs, IReadOnlyList<double> ValidationLosses,
    ComparisonResult Comparison, IReadOnlyList<HeadFigures> HeadFigures, IReadOnlyList<FeatureImportance> Importance);

/// <summary>There is too little to learn from.</summary>
public sealed class TrainingException(string message) : Exception(message);

/// <summary>
/// Slates → a model with its figures. Slates are split by time: what comes last is held out and only measured; of what comes before, the last tenth decides which
/// pass is kept, and the rest is learned from. A split by chance would let the model learn from what comes after.
/// </summary>
public sealed class ModelTraining(TrainingOptions options, string name)
{
    private const int SlatesMin = 50;
    private const double ValidationShare = 0.1;

    /// <param name="slates">In any order.</param>
    /// <exception cref="TrainingException">Too few slates, or nothing ever came of a candidate.</exception>
    public TrainingResult Run(IReadOnlyList<LabelledSlate> slates, IProgress<TrainingProgress>? progress, CancellationToken ct)
    {
        if (options.Check() is { } wrong)
            throw new ArgumentException(wrong, nameof(options));
        var sorted = slates.OrderBy(slate => slate.UnixMs).ToList();
        var learned = (int)(sorted.Count * (1 - options.HeldOut));
        if (sorted.Count < SlatesMin)
            throw new TrainingException($"There are {sorted.Count} slates; training needs {SlatesMin} at least.");
        var (losses, model, file) = Learn(sorted[..learned], progress, ct);
        var held = sorted[learned..];
        var comparison = new Comparison([Ranker.Time, Ranker.Seed, Ranker.Base, Ranker.Of(model)]);
        foreach (var slate in held)
            comparison.Add(slate);
        return new TrainingResult(file, model, options, learned, sorted.Take(learned).Sum(slate => (long)slate.Count), held[0].UnixMs, losses,
            comparison.Result(), Evaluation.HeadFigures.Of(model, held), Evaluation.Importance.Of(model, held, options.Seed));
    }

    /// <summary>Learns from all of the slates, measuring nothing but when to stop.</summary>
    /// <param name="slates">In order of time.</param>
    public (IReadOnlyList<double> Losses, IRankingModel Model, byte[] File) Learn(
        IReadOnlyList<LabelledSlate> slates, IProgress<TrainingProgress>? progress, CancellationToken ct)
    {
        var learned = (int)(slates.Count * (1 - ValidationShare));
        var (rows, total) = (slates.Sum(slate => (long)slate.Count), slates.Sum(slate => slate.Outcomes.LongCount(o => o != Outcome.None)));
        if (rows > TrainingRows.RowsMax)
            throw new TrainingException(FormattableString.Invariant($"There are {rows:N0} candidates; training takes {TrainingRows.RowsMax:N0} at most."));
        if (total == 0)
            throw new TrainingException("Nothing came of any candidate: there is nothing to learn.");
        var losses = new List<double>();
        var layers = new NetworkTrainer(options).Train(new TrainingRows(slates.Take(learned)), new TrainingRows(slates.Skip(learned)), (epoch, done, loss) =>
        {
            if (loss is { } measured)
                losses.Add(measured);
            progress?.Report(new TrainingProgress(epoch, (epoch - 1 + done) / options.Epochs, loss));
        }, ct);
        var file = ModelFile.Write(name, layers);
        // What is measured is what the file says.
        return (losses, ModelFile.Read(file, name), file);
    }
}
