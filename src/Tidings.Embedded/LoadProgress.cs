namespace Tidings.Embedded;

/// <param name="Stage">What is being loaded: <c>graph</c>, <c>posts</c>.</param>
/// <param name="Done">Rows so far.</param>
/// <param name="Total">Rows to expect, an estimate; 0 where unknown.</param>
public readonly record struct LoadProgress(string Stage, long Done, long Total);
