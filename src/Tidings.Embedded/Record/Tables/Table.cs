namespace Tidings.Embedded.Record.Tables;

/// <summary>
/// One kind of rows: what memory holds of them for readers, and what the group that is being decided has staged. The methods that take a
/// <see cref="Draft"/> see both and are the writer's alone.
/// </summary>
internal abstract class Table
{
    /// <summary>Writes those staged rows that were not written yet: each once, however often the group changed it.</summary>
    public virtual void Seal(Draft draft)
    {
    }

    /// <summary>The group is on disk: shows it to readers and forgets that it was staged.</summary>
    public abstract void Publish(Draft draft);
}
