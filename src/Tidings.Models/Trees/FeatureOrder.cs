using Tidings.Ranking;

namespace Tidings.Models.Trees;

/// <summary>
/// Which of our features a file's columns are. A file that names its columns as we do may have them in any order and leave some out; one whose
/// names are made up (<c>Column_0</c>, <c>f0</c>, or none) has all of ours in our order.
/// </summary>
internal static class FeatureOrder
{
    /// <returns>Our feature's index for each of the file's columns.</returns>
    /// <exception cref="ModelFileException">A column that we don't have, or too many or few.</exception>
    public static int[] Of(IReadOnlyList<string> names, int columns)
    {
        var ours = Features.Names.Index().ToDictionary(f => f.Item, f => f.Index);
        if (!names.Any(ours.ContainsKey))
        {
            return columns == Features.Count
                ? [.. Enumerable.Range(0, columns)]
                : throw new ModelFileException($"The model takes {columns} features without our names; there are {Features.Count}.");
        }
        if (names.FirstOrDefault(name => !ours.ContainsKey(name)) is { } stranger)
            throw new ModelFileException($"The model takes a feature {ModelFile.Quoted(stranger)}; there are {string.Join(", ", Features.Names)}.");
        return [.. names.Select(name => ours[name])];
    }
}
