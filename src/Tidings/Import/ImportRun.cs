using System.Security.Cryptography;
using System.Text;
using Tidings.Posts;
using Tidings.People;

namespace Tidings.Import;

/// <param name="BytesRead">Of <paramref name="BytesTotal"/>, as the file lies on the disk.</param>
/// <param name="Stored">Follows, people or posts handed to the record by this run.</param>
public readonly record struct ImportProgress(long BytesRead, long BytesTotal, long Lines, long Stored, long BadLines);

/// <param name="ResumedAfterLine">The last line that an earlier run had stored; 0 for a first run.</param>
/// <param name="Stored">Follows, people or posts handed to the record by this run.</param>
/// <param name="PeopleAdded">People who were not there before.</param>
public sealed record ImportSummary(
    string Job, long Lines, long ResumedAfterLine, long Stored, long PeopleAdded, long BadLines, IReadOnlyList<BadLine> FirstBadLines);

/// <summary>
/// One run of an import: hands batches to the record together with the line that they reach. Lines that an earlier run has stored are read
/// again, so that they are counted and what depends on them is known, but not stored again.
/// </summary>
internal sealed class ImportRun(
    SourceFile source, string job, long reached, BadLines bad, IBulkLoad bulk, IProgress<ImportProgress>? progress)
{
    private const int JobCharsMax = 200;

    public Stream Content => source.Content;

    public BadLines Bad => bad;

    public long Stored { get; private set; }

    public long PeopleAdded { get; set; }

    public bool IsStored(long line) => line <= reached;

    /// <param name="count">What the batch holds, for the figures.</param>
    /// <param name="line">The line up to which everything is stored with this batch.</param>
    public async ValueTask StoreAsync(
        int count, long line, IReadOnlyList<(UserId, UserId)> follows, IReadOnlyList<DatedPost> posts, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!IsStored(line))
        {
            await bulk.StoreAsync(new LoadBatch(job, line, follows, posts), ct);
            Stored += count;
        }
        progress?.Report(new ImportProgress(source.BytesRead, source.BytesTotal, line, Stored, bad.Count));
    }

    public ImportSummary Summary(long lines) => new(job, lines, reached, Stored, PeopleAdded, bad.Count, bad.First);

    /// <summary>
    /// What makes two runs the same import: the file's name and size, and all that decides what a line of it means. A name too long for a job
    /// is cut, and told apart by 16 hex digits of the hash of the whole.
    /// </summary>
    public static string Job(SourceFile source, ImportOptions options)
    {
        var ways = options.BothWays ? "both-ways" : "as-is";
        var job = $"{options.Format}:{options.HandlePrefix}:{ways}:{source.BytesTotal}:{source.Name}".ToLowerInvariant();
        if (job.Length <= JobCharsMax)
            return job;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(job)))[..16];
        return $"{job[..(JobCharsMax - 17)]}:{hash}";
    }
}
