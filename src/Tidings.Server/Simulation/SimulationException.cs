namespace Tidings.Server.Simulation;

/// <summary>A simulation can't be done here; the message says why and what to do.</summary>
internal sealed class SimulationException(string message) : Exception(message);
