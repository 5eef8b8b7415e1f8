using Tidings.Embedded.Memory;
using Tidings.Embedded.Record.Rows;
using Tidings.People;
using Tidings.Posts;

namespace Tidings.Embedded.Record;

/// <summary>
/// Fills memory from the record at a start: the graph, and the newest posts in the order of their ids. The two run beside each other.
/// </summary>
internal sealed class Loader(Database database, EmbeddedOptions options, IProgress<LoadProgress>? progress, CancellationToken ct)
{
    private const int RowsPerReport = 65_536;
    private const int HeadersPerBatch = 64;

    public void LoadGraph(GraphMemory graph, FanOutModes modes, uint people)
    {
        var total = database.CountAbout(database.Columns.Ties);
        var done = 0L;
        uint[] room = [];
        using (var rows = database.ScanAll(database.Columns.Ties))
        {
            for (rows.SeekToFirst(); rows.Valid; rows.Next())
            {
                var (person, list) = TieRow.ReadKey(rows.Key);
                graph.Load(person, list, TieRow.Read(rows.Value, ref room));
                Report("graph", ++done, total);
            }
        }
        graph.FinishLoading();
        for (var person = 1u; person <= people; person++)
        {
            if (graph.List(new UserId(person), Graph.TieList.Followers).Count >= options.PullFollowersMin)
                modes.Set(new UserId(person), Feeds.FanOutMode.Pull);
        }
        progress?.Report(new LoadProgress("graph", done, done));
    }

    /// <returns>Who has posts older than those that memory now holds; null where all fit.</returns>
    public ColdAuthorsRow? LoadPosts(HotPosts hot, AuthorTimelines timelines, uint people)
    {
        var first = FirstHot(hot.Capacity);
        var cold = first.Value == 0 ? null : MarkOlder(timelines, first, people);
        var total = Math.Min(hot.Capacity, database.CountAbout(database.Columns.Headers));
        var populating = total == 0 ? Task.CompletedTask : Task.Run(() => hot.Populate(total), CancellationToken.None);
        try
        {
            LoadFrom(first, hot, timelines, total);
        }
        finally
        {
            populating.Wait(CancellationToken.None);
        }
        return cold;
    }

    private void LoadFrom(PostId first, HotPosts hot, AuthorTimelines timelines, long total)
    {
        var done = 0L;
        var batch = new PostHeader[HeadersPerBatch];
        Span<byte> key = stackalloc byte[HeaderRow.KeyBytes];
        using var rows = database.ScanAll(database.Columns.Headers);
        rows.Seek(HeaderRow.Key(key, first));
        while (ReadHeaders(rows, batch, hot, timelines) is > 0 and var count)
        {
            foreach (ref readonly var header in batch.AsSpan(0, count))
            {
                var slot = hot.Add(header);
                if (!header.Deleted) timelines.Load(header.Author, slot);
                Report("posts", ++done, total);
            }
        }
        progress?.Report(new LoadProgress("posts", done, done));
    }

    /// <summary>Reads the next headers, and has the memory that each will touch fetched while the others are read.</summary>
    private static int ReadHeaders(RowScan rows, Span<PostHeader> into, HotPosts hot, AuthorTimelines timelines)
    {
        var count = 0;
        for (; count < into.Length && rows.Valid; rows.Next())
        {
            var header = into[count++] = HeaderRow.Read(HeaderRow.ReadKey(rows.Key), rows.Value);
            hot.PrepareAdd(header.Id);
            timelines.PrepareLoad(header.Author);
        }
        return count;
    }

    private ColdAuthorsRow MarkOlder(AuthorTimelines timelines, PostId first, uint people)
    {
        var stored = database.Get(ColdAuthorsRow.Key, database.Columns.Meta);
        var cold = stored is null ? new ColdAuthorsRow(PostId.None, []) : ColdAuthorsRow.Read(stored);
        // The set may reach further than the posts that memory leaves out, never less far after this.
        var from = cold.Before;
        cold = cold.UpTo(new PostId(Math.Max(first.Value, from.Value)), people);
        Span<byte> key = stackalloc byte[HeaderRow.KeyBytes];
        using var rows = database.ScanAll(database.Columns.Headers);
        for (rows.Seek(HeaderRow.Key(key, from)); rows.Valid && HeaderRow.ReadKey(rows.Key).Value < first.Value; rows.Next())
        {
            cold.Add(HeaderRow.Read(default, rows.Value).Author);
            ct.ThrowIfCancellationRequested();
        }
        for (var person = 1u; person <= people; person++)
        {
            if (cold.Contains(new UserId(person))) timelines.MarkOlder(new UserId(person));
        }
        return cold;
    }

    /// <summary>
    /// From which post on memory holds all: found by the sizes of the table's parts. The engine counts a header twice that was written twice, so
    /// this goes back a tenth further than it says: what is too much, the ring of hot posts writes over, and what is too little stays on disk.
    /// </summary>
    private PostId FirstHot(long capacity)
    {
        var headers = database.CountAbout(database.Columns.Headers);
        if (headers <= capacity) return PostId.None;
        var last = HeaderRow.ReadKey(database.LastKey(database.Columns.Headers)).Value;
        var wanted = database.BytesAbout(database.Columns.Headers, 0, last) / (double)headers * capacity * 1.1;
        var (low, high) = (0L, last);
        while (high - low > 1L << TimeOrderedId.TimeShift)
        {
            var middle = low + (high - low) / 2;
            if (database.BytesAbout(database.Columns.Headers, middle, last) > wanted) low = middle;
            else high = middle;
        }
        return new PostId(low);
    }

    private void Report(string stage, long done, long total)
    {
        if (done % RowsPerReport != 0) return;
        ct.ThrowIfCancellationRequested();
        progress?.Report(new LoadProgress(stage, done, Math.Max(done, total)));
    }
}
