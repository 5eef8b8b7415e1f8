namespace Tidings.Client.Wire;

/// <summary>The model that ranks.</summary>
/// <param name="Current">Null where the first pass ranks.</param>
/// <param name="Previous">What a roll back brings; null where there is nothing to take back, or the first pass would rank.</param>
public sealed record ModelView(ModelNames? Current, ModelNames? Previous, ShadowView? Shadow, ModelServerView? Server);

/// <summary>A model server that is asked first.</summary>
/// <param name="Away">It failed too often and is left alone just now: the current model stands in.</param>
public sealed record ModelServerView(string Model, string Address, bool Away);

/// <param name="Version">A hash of the file.</param>
public sealed record ModelNames(string Name, string Version);

/// <summary>A model in the shadow of the one that ranks.</summary>
/// <param name="Every">Each so many batches it scores one.</param>
/// <param name="MeanDifference">Of the final scores of a candidate, without sign.</param>
/// <param name="TopKept">Of the first ten of a batch, the share that it has among its first ten, too.</param>
public sealed record ShadowView(
    string Name, string Version, int Every, long Batches, long Candidates, long Failures, double MeanDifference, double TopKept);
