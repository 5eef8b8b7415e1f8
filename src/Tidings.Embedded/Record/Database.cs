using System.Buffers.Binary;
using RocksDbSharp;

namespace Tidings.Embedded.Record;

/// <summary>
/// RocksDB as the record uses it. Reads may come from any thread; <see cref="Write"/>, <see cref="Sync"/> and <see cref="Dispose"/> are the
/// writer's. Errors of writing come out as <see cref="RocksDbException"/>, those of opening and reading as <see cref="RecordException"/>.
/// </summary>
internal sealed class Database : IDisposable
{
    /// <summary>RocksDB's BottommostLevelCompaction::kForceOptimized.</summary>
    private const byte BottommostForceOptimized = 3;

    /// <summary>Of the memory for a table's newest rows: some 16 bits for each of its keys.</summary>
    private const double IdempotencyFilterShare = 0.02;

    private readonly RocksDb _rocks;
    private readonly Cache _cache;
    private readonly WriteOptions _synced = new WriteOptions().SetSync(true);
    private readonly WriteOptions _unsynced = new WriteOptions().SetSync(false);
    private volatile bool _stopped;

    private Database(string folder, RocksDb rocks, Cache cache)
    {
        Folder = folder;
        _rocks = rocks;
        _cache = cache;
        Columns = new Columns(rocks);
    }

    public string Folder { get; }

    public Columns Columns { get; }

    public static Database Open(string folder, bool create, long walBytesMax, long blockCacheBytes)
    {
        var cache = Cache.CreateLru((ulong)blockCacheBytes);
        var table = new BlockBasedTableOptions()
            .SetBlockCache(cache)
            .SetBlockSize(8 * 1024)
            .SetFilterPolicy(BloomFilterPolicy.Create(10, false))
            .SetCacheIndexAndFilterBlocks(true)
            .SetPinL0FilterAndIndexBlocksInCache(true)
            .SetFormatVersion(5);
        var families = new ColumnFamilies();
        foreach (var name in Columns.Names)
        {
            var family = new ColumnFamilyOptions()
                .SetBlockBasedTableFactory(table)
                .SetCompression(Compression.Lz4)
                .SetLevelCompactionDynamicLevelBytes(true);
            // Nearly all keys that are asked for are new: a filter says so without a walk through what is in memory.
            if (name == "idempotency")
            {
                family.SetMemtablePrefixBloomSizeRatio(IdempotencyFilterShare);
                Native.Instance.rocksdb_options_set_memtable_whole_key_filtering(family.Handle, 1);
            }
            families.Add(name, family);
        }
        var options = new DbOptions()
            .SetCreateIfMissing(create)
            // A record that an older version made lacks the tables that came later.
            .SetCreateMissingColumnFamilies(true)
            .SetParanoidChecks(true)
            // The log was looked at before (LogCheck): what is damaged in it now is the end of a write that nobody was answered for.
            .SetWalRecoveryMode(Recovery.PointInTime)
            .SetMaxTotalWalSize((ulong)walBytesMax)
            .SetDbWriteBufferSize((ulong)(2 * walBytesMax))
            .SetBytesPerSync(1024 * 1024)
            .SetKeepLogFileNum(4)
            .SetMaxLogFileSize(16 * 1024 * 1024)
            .SetStatsDumpPeriodSec(0)
            .SetInfoLogLevel(InfoLogLevel.Warn);
        Native.Instance.rocksdb_options_set_max_background_jobs(options.Handle, Math.Clamp(Environment.ProcessorCount, 2, 8));
        // The manifest names the first and the last key of each file, handles among them: begun anew with each change, it keeps none that is gone.
        // It has some 200 bytes a file, and changes with each flush and compaction, not with each write.
        Native.Instance.rocksdb_options_set_max_manifest_file_size(options.Handle, 1);
        Native.Instance.rocksdb_options_set_max_manifest_space_amp_pct(options.Handle, 0);
        Native.Instance.rocksdb_options_set_track_and_verify_wals_in_manifest(options.Handle, 1);
        try
        {
            return new Database(folder, RocksDb.Open(options, folder, families), cache);
        }
        catch (RocksDbException e)
        {
            throw Explain(folder, e);
        }
    }

    /// <returns>Null where there is no such row.</returns>
    /// <exception cref="RecordDamagedException">The row can't be read.</exception>
    public byte[]? Get(ReadOnlySpan<byte> key, ColumnFamilyHandle column)
    {
        try
        {
            return _rocks.Get(key, column);
        }
        catch (RocksDbException e)
        {
            throw new RecordDamagedException(Folder, e.Message + ".", e);
        }
    }

    /// <summary>The last key of a table; empty where it has none.</summary>
    public byte[] LastKey(ColumnFamilyHandle column)
    {
        using var rows = Scan(column);
        rows.SeekToLast();
        return rows.Valid ? rows.Key.ToArray() : [];
    }

    public RowScan Scan(ColumnFamilyHandle column) => new(Folder, _rocks.NewIterator(column));

    /// <summary>A scan that reads much once: leaves the cache to others.</summary>
    public RowScan ScanAll(ColumnFamilyHandle column) =>
        new(Folder, _rocks.NewIterator(column, new ReadOptions().SetFillCache(false).SetReadaheadSize(2 * 1024 * 1024)));

    public void Write(WriteBatch batch, bool sync) => _rocks.Write(batch, sync ? _synced : _unsynced);

    /// <summary>Makes the disk confirm all that was written without sync.</summary>
    public void Sync() => Native.Instance.rocksdb_flush_wal(_rocks.Handle, 1);

    /// <summary>Rows of a table, an estimate.</summary>
    public long CountAbout(ColumnFamilyHandle column) =>
        long.TryParse(_rocks.GetProperty("rocksdb.estimate-num-keys", column), out var count) ? count : 0;

    /// <summary>Bytes on disk of the rows between two 8-byte keys, an estimate.</summary>
    public unsafe long BytesAbout(ColumnFamilyHandle column, long from, long to)
    {
        Span<byte> low = stackalloc byte[sizeof(long)];
        Span<byte> high = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(low, from);
        BinaryPrimitives.WriteInt64BigEndian(high, to);
        ulong bytes = 0;
        fixed (byte* lowStart = low, highStart = high)
        {
            var (start, limit, length) = ((nint)lowStart, (nint)highStart, (nuint)sizeof(long));
            Native.Instance.rocksdb_approximate_sizes_cf(
                _rocks.Handle, column.Handle, 1, (nint)(&start), (nint)(&length), (nint)(&limit), (nint)(&length), (nint)(&bytes));
        }
        return (long)bytes;
    }

    /// <summary>Writes the tables out, so that the next start has no log to replay.</summary>
    public void Flush()
    {
        var families = Columns.All.Select(column => column.Handle).ToArray();
        var options = new FlushOptions().SetWaitForFlush(true);
        Native.Instance.rocksdb_flush_cfs(_rocks.Handle, options.Handle, families, families.Length);
        GC.KeepAlive(options);
    }

    /// <summary>
    /// Writes the files of tables anew, down to the last level, so that none holds what was removed or replaced before. Blocks, long where the
    /// tables are large; others read and write meanwhile.
    /// </summary>
    /// <returns>False where it was told to stop.</returns>
    public bool Rewrite(IEnumerable<ColumnFamilyHandle> columns)
    {
        Flush();
        var options = Native.Instance.rocksdb_compactoptions_create();
        try
        {
            Native.Instance.rocksdb_compactoptions_set_bottommost_level_compaction(options, BottommostForceOptimized);
            foreach (var column in columns)
            {
                if (_stopped) return false;
                Native.Instance.rocksdb_compact_range_cf_opt(_rocks.Handle, column.Handle, options, 0, 0, 0, 0);
            }
        }
        finally
        {
            Native.Instance.rocksdb_compactoptions_destroy(options);
        }
        return !_stopped;
    }

    /// <summary>Makes a folder with all that is written by now, of the same files where it is on the same disk. Others read and write meanwhile.</summary>
    /// <exception cref="IOException">It can't be written there.</exception>
    public void CheckpointTo(string folder)
    {
        try
        {
            var checkpoint = Native.Instance.rocksdb_checkpoint_object_create(_rocks.Handle);
            try
            {
                Native.Instance.rocksdb_checkpoint_create(checkpoint, folder, 0);
            }
            finally
            {
                Native.Instance.rocksdb_checkpoint_object_destroy(checkpoint);
            }
        }
        catch (RocksDbException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>Ends a <see cref="Rewrite"/> soon, for good.</summary>
    public void StopRewriting()
    {
        _stopped = true;
        Native.Instance.rocksdb_disable_manual_compaction(_rocks.Handle);
    }

    public void Dispose()
    {
        _rocks.Dispose();
        GC.KeepAlive(_cache);
    }

    private static RecordException Explain(string folder, RocksDbException e) => e.Message switch
    {
        _ when e.Message.Contains("/LOCK", StringComparison.Ordinal) || e.Message.Contains("lock hold by", StringComparison.Ordinal) =>
            new FolderInUseException(folder, e),
        _ => new RecordDamagedException(folder, e.Message + ".", e),
    };
}
