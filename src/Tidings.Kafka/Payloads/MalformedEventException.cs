namespace Tidings.Kafka.Payloads;

/// <summary>A payload is no event that this program knows. Reading it again won't help.</summary>
public sealed class MalformedEventException(string message, Exception? inner = null) : Exception(message, inner);
