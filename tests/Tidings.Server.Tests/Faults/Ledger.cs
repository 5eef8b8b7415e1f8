using System.Collections.Concurrent;

namespace Tidings.Server.Tests.Faults;

/// <summary>How far a post or a comment has got.</summary>
internal enum Life { Absent, There, Deleted }

/// <summary>A fact that one writer changes, one request at a time.</summary>
/// <param name="first">The fact before anything was asked.</param>
internal sealed class Fact<T>(T first)
    where T : struct
{
    /// <summary>What was acknowledged last.</summary>
    public T Known { get; private set; } = first;

    /// <summary>What was asked for and never answered: the fact may be this one by now.</summary>
    public T? Asked { get; private set; }

    public bool IsOpen => Asked is not null;

    public void Ask(T value) => Asked = value;

    public void Refuse() => Asked = null;

    public void Settle(T value)
    {
        Known = value;
        Asked = null;
    }
}

internal sealed record PersonEntry(string Handle)
{
    public string Id { get; set; } = "";

    public Fact<bool> Joined { get; } = new(false);

    public ConcurrentDictionary<PersonEntry, Fact<bool>> Following { get; } = new();

    public bool Equals(PersonEntry? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Handle.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A post or a comment.</summary>
/// <param name="Key">The idempotency key, of which there is one for each text; the text is made of it.</param>
internal abstract record WrittenEntry(PersonEntry Author, string Key)
{
    public string Text => $"written under {Key}";

    public string Id { get; set; } = "";

    public Fact<Life> Life { get; } = new(Faults.Life.Absent);

    public bool IsThere => Life.Known == Faults.Life.There;
}

internal sealed record PostEntry(PersonEntry Author, string Key) : WrittenEntry(Author, Key)
{
    public ConcurrentDictionary<PersonEntry, Fact<bool>> Likes { get; } = new();

    public ConcurrentQueue<CommentEntry> Comments { get; } = new();

    public bool Equals(PostEntry? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}

internal sealed record CommentEntry(PersonEntry Author, string Key, PostEntry Post) : WrittenEntry(Author, Key);

/// <summary>
/// What the writers asked for and what they were told, over all kills: what the server has to have at the end of each. A write that was
/// acknowledged is there; one that was not answered may be there or not; nothing else is there.
/// </summary>
internal sealed class Ledger
{
    private const int NotesMax = 200_000;

    private readonly ConcurrentQueue<string> _notes = new();
    private long _acknowledged;

    public Pool<PersonEntry> People { get; } = new();

    public Pool<PostEntry> Posts { get; } = new();

    /// <summary>Posts and people that were touched since they were last looked at.</summary>
    public ConcurrentDictionary<PostEntry, bool> TouchedPosts { get; } = new();

    public ConcurrentDictionary<PersonEntry, bool> TouchedPeople { get; } = new();

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public long Acknowledge() => Interlocked.Increment(ref _acknowledged);

    public void Note(string what)
    {
        _notes.Enqueue(what);
        if (_notes.Count > NotesMax)
            _notes.TryDequeue(out _);
    }

    /// <summary>What was noted about a thing, the last of it.</summary>
    public string Notes(string about) => string.Join('\n', _notes.Where(note => note.Contains(about, StringComparison.Ordinal)).TakeLast(20));

    public void Touch(PostEntry post)
    {
        TouchedPosts[post] = true;
        TouchedPeople[post.Author] = true;
    }

    public void TouchEverything()
    {
        foreach (var person in People.All)
            TouchedPeople[person] = true;
        foreach (var post in Posts.All)
            Touch(post);
    }
}

/// <summary>A growing set from which many writers pick.</summary>
internal sealed class Pool<T>
{
    private readonly List<T> _items = [];

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_items)
                return [.. _items];
        }
    }

    public void Add(T item)
    {
        lock (_items)
            _items.Add(item);
    }

    /// <summary>Any, the last ones more often: what was just written is what a kill catches.</summary>
    public T? Pick(Random random, int lastOnes)
    {
        lock (_items)
        {
            var from = random.Next(4) > 0 ? Math.Max(0, _items.Count - lastOnes) : 0;
            return _items.Count == 0 ? default : _items[random.Next(from, _items.Count)];
        }
    }
}
