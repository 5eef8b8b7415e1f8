using RocksDbSharp;

namespace Tidings.Embedded.Record;

/// <summary>
/// A walk through the rows of a table. The engine's iterator ends in the same way at the last row and at a damaged block: this asks which it
/// was, so that damage is never taken for the end.
/// </summary>
internal sealed class RowScan(string folder, Iterator rows) : IDisposable
{
    /// <exception cref="RecordDamagedException">What comes next can't be read.</exception>
    public bool Valid
    {
        get
        {
            if (rows.Valid()) return true;
            try
            {
                Native.Instance.rocksdb_iter_get_error(rows.Handle);
            }
            catch (RocksDbException e)
            {
                throw new RecordDamagedException(folder, e.Message + ".", e);
            }
            return false;
        }
    }

    public ReadOnlySpan<byte> Key => rows.GetKeySpan();

    public ReadOnlySpan<byte> Value => rows.GetValueSpan();

    public void Seek(ReadOnlySpan<byte> key) => rows.Seek(key);

    /// <summary>To the last row at or before the key.</summary>
    public void SeekBack(ReadOnlySpan<byte> key) => rows.SeekForPrev(key);

    public void SeekToFirst() => rows.SeekToFirst();

    public void SeekToLast() => rows.SeekToLast();

    public void Next() => rows.Next();

    public void Previous() => rows.Prev();

    public bool IsAt(ReadOnlySpan<byte> prefix) => Valid && Key.StartsWith(prefix);

    public void Dispose() => rows.Dispose();
}
