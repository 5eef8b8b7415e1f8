using Tidings.Events;
using Tidings.People;

namespace Tidings.FanOut;

/// <summary>
/// Events waiting for fan-out: in order for each author, authors in turn. Whoever takes the next job gets another author's each time, so an
/// author with many slices to go delays the others by one slice, not by all of them.
/// </summary>
internal sealed class AuthorQueues(int jobsMax)
{
    private readonly Dictionary<UserId, Queue<FanOutJob>> _queues = [];
    private readonly Queue<UserId> _turns = new();
    private readonly Stack<Queue<FanOutJob>> _spare = new();

    public int Count { get; private set; }

    public int Room => jobsMax - Count;

    public IEnumerable<FanOutJob> Jobs => _queues.Values.SelectMany(queue => queue);

    public void Add(UserId author, FanOutJob job)
    {
        if (!_queues.TryGetValue(author, out var queue))
        {
            _queues[author] = queue = _spare.TryPop(out var spare) ? spare : new Queue<FanOutJob>();
            _turns.Enqueue(author);
        }
        queue.Enqueue(job);
        Count++;
    }

    /// <summary>The job whose turn it is; it stays at the head of its author's queue until <see cref="EndTurn"/> says that it is done.</summary>
    public bool TryTake(out UserId author, out FanOutJob job)
    {
        if (!_turns.TryDequeue(out author))
        {
            job = null!;
            return false;
        }
        job = _queues[author].Peek();
        return true;
    }

    public void EndTurn(UserId author, bool done)
    {
        var queue = _queues[author];
        if (done)
        {
            queue.Dequeue();
            Count--;
        }
        if (queue.Count > 0)
        {
            _turns.Enqueue(author);
            return;
        }
        _queues.Remove(author);
        _spare.Push(queue);
    }
}

/// <summary>What one event asks of fan-out, and how far it has come.</summary>
internal sealed class FanOutJob(Event cause)
{
    public Event Cause { get; } = cause;

    /// <summary>Started: the mode was looked at, and what was decided then holds to the end.</summary>
    public bool Started { get; set; }

    /// <summary>The author's followers pull: there is nothing to deliver.</summary>
    public bool IsPulled { get; set; }

    /// <summary>Where the readers who are here are to be told from.</summary>
    public int RelayFrom { get; set; }

    /// <summary>The last follower dealt with.</summary>
    public UserId After { get; set; }

    /// <summary>Followers who are active but not online, served after all who are: bounded by the push threshold.</summary>
    public List<UserId> Later { get; } = [];

    /// <summary>How many of them the slices that are done have added.</summary>
    public int LaterKept { get; set; }

    public bool OnlineServed { get; set; }

    public int LaterServed { get; set; }

    /// <summary>Inboxes that took the post so far.</summary>
    public int Deliveries { get; set; }
}
