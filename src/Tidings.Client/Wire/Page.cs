namespace Tidings.Client.Wire;

/// <param name="NextCursor">Sent back as <c>cursor</c>, it gives the next page; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
