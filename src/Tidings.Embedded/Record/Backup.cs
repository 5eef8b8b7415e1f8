namespace Tidings.Embedded.Record;

/// <summary>
/// A copy of the data folder while it is in use, which opens like any other. RocksDB writes out what it holds in memory and then names the files of
/// that moment; they never change once written, so where the copy lies on the same disk they are shared and cost nothing. Everything that was
/// acknowledged before the copy began is in it, of what is acknowledged meanwhile a beginning. It is made under another name and moved when it is
/// whole: a copy that was cut off is never taken for one.
/// </summary>
internal sealed class Backup(Database database, DataFolder folder)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <returns>False where another is being made.</returns>
    /// <exception cref="IOException">It can't be written there; nothing is left of it.</exception>
    public async ValueTask<bool> RunAsync(string target)
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero))
            return false;
        try
        {
            await Task.Run(() => folder.CopyTo(target, database.CheckpointTo));
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Before the record closes: waits for what runs, and nothing begins any more.</summary>
    public Task StopAsync() => _turn.WaitAsync();
}
