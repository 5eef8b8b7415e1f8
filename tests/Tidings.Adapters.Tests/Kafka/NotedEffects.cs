using System.Collections.Concurrent;
using Tidings.Events;
using Tidings.Kafka.Consuming;

namespace Tidings.Adapters.Tests.Kafka;

/// <summary>
/// Effects that several consumers share as they would a database: what was applied in each partition, with its position under one lock. A test can have an
/// event fail, before or after it is applied.
/// </summary>
internal sealed class NotedEffects : IEventEffects
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Topic, int Partition), List<Event>> _applied = [];
    private TaskCompletionSource _changed = New();

    /// <summary>Called before a batch is applied, and after; what it throws, the effects throw.</summary>
    public Action<Event>? Before { get; set; }

    public Action<Event>? After { get; set; }

    public ConcurrentBag<Event> Offered { get; } = [];

    public List<Event> Applied
    {
        get
        {
            lock (_gate)
                return [.. _applied.Values.SelectMany(events => events)];
        }
    }

    /// <summary>Each partition's events in the order in which they were applied.</summary>
    public Dictionary<(string Topic, int Partition), Event[]> ByPartition
    {
        get
        {
            lock (_gate)
                return _applied.ToDictionary(one => one.Key, one => one.Value.ToArray());
        }
    }

    public ValueTask<long> ReachedAsync(string topic, int partition, CancellationToken ct)
    {
        lock (_gate)
            return ValueTask.FromResult(_applied.TryGetValue((topic, partition), out var events) ? events[^1].Position : 0);
    }

    public ValueTask ApplyAsync(string topic, int partition, ReadOnlyMemory<Event> events, CancellationToken ct)
    {
        foreach (var happened in events.Span)
        {
            Offered.Add(happened);
            Before?.Invoke(happened);
        }
        lock (_gate)
        {
            if (!_applied.TryGetValue((topic, partition), out var applied))
                _applied.Add((topic, partition), applied = []);
            foreach (var happened in events.Span)
            {
                if (applied.Count == 0 || happened.Position > applied[^1].Position)
                    applied.Add(happened);
            }
            (_changed, var changed) = (New(), _changed);
            changed.SetResult();
        }
        foreach (var happened in events.Span)
            After?.Invoke(happened);
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits until so many events are applied.</summary>
    public async Task UntilAsync(int count, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_applied.Values.Sum(events => events.Count) >= count)
                    return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(limited.Token);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
