namespace Tidings.Redis;

/// <summary>
/// Redis can't be reached, or the part of it that has the keys can't just now: its primary is gone and no replica is promoted yet. What was asked may have
/// happened. Everything in Redis can be asked for again.
/// </summary>
public sealed class RedisAwayException(string message, Exception? inner) : Exception(message, inner);
