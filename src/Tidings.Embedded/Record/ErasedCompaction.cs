using Tidings.Embedded.Record.Rows;
using Tidings.Embedded.Record.Tables;

namespace Tidings.Embedded.Record;

/// <summary>
/// A removed row stays in the files until they are written anew, which RocksDB does when it likes. For erased people it is done on purpose: the
/// write-ahead log is written out, the tables with text are compacted, and then the record says so. A crash between repeats it.
/// </summary>
internal sealed class ErasedCompaction(Writer writer, Database database, ErasedTable erased)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async ValueTask<int> RunAsync(long erasedBeforeUnixMs, CancellationToken ct)
    {
        if (erased.At(ErasureStage.Erased, erasedBeforeUnixMs).Count == 0)
            return 0;
        await _turn.WaitAsync(ct);
        using var stop = ct.UnsafeRegister(static database => ((Database)database!).StopRewriting(), database);
        try
        {
            // Everybody who is erased by now is done with it, not only those whose time has come.
            var people = erased.At(ErasureStage.Erased);
            if (!await Task.Run(() => database.Rewrite(database.Columns.WithText), CancellationToken.None))
                return 0;
            await writer.CommitAsync((erased, people), static (draft, state) =>
            {
                foreach (var person in state.people)
                    state.erased.Set(draft, person, ErasureStage.Compacted);
                return true;
            }, CancellationToken.None);
            // One change more, so that the manifest begins anew without the files that are gone.
            await Task.Run(database.Flush, CancellationToken.None);
            return people.Count;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Before the record closes: ends what runs, and nothing begins any more.</summary>
    public async ValueTask StopAsync()
    {
        database.StopRewriting();
        await _turn.WaitAsync();
    }
}
