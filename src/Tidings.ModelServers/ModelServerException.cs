namespace Tidings.ModelServers;

/// <summary>A model server failed, or answered what can't be used; the message names what. Counted by the breaker.</summary>
public sealed class ModelServerException(string message, Exception? cause = null) : Exception(message, cause);
