namespace Tidings.Client.Wire;

/// <param name="Score">0 to 100; a tenth goes with each day.</param>
public sealed record AffinityView(PersonSummary Person, double Score);
