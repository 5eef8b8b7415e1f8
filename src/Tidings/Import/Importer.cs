using Tidings.People;

namespace Tidings.Import;

/// <summary>
/// Brings a file of follows, people, posts or activity into a record that nobody reads meanwhile. Streaming: memory is a batch of lines and the
/// ids of the people named so far. Restartable: a second run of the same file goes on where the first was cut off.
/// </summary>
public sealed class Importer(IBulkLoad bulk, IPeopleStore people, TimeProvider clock)
{
    /// <param name="known">People of the source who have handles of their own, see <see cref="PeopleImport"/>; new ones are added to it.</param>
    /// <exception cref="TooManyBadLinesException"/>
    /// <exception cref="ImportSourceException"/>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public async Task<ImportSummary> RunAsync(
        SourceFile source, ImportOptions options, IdMap known, IProgress<ImportProgress>? progress, CancellationToken ct)
    {
        if (options.Check() is { } wrong)
            throw new ArgumentException(wrong, nameof(options));
        var job = ImportRun.Job(source, options);
        var run = new ImportRun(source, job, await bulk.ReachedAsync(job, ct), new BadLines(options.BadLinesMax), bulk, progress);
        var named = new ExternalPeople(bulk, options.HandlePrefix, known);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();

        var lines = options.Format switch
        {
            ImportFormat.Edges => await new EdgeImport(run, named).RunAsync(options.BothWays, ct),
            ImportFormat.People => await new PeopleImport(run, bulk, known).RunAsync(now, ct),
            ImportFormat.Posts => await new PostImport(run, people).RunAsync(now, ct),
            ImportFormat.Activity => await new ActivityImport(run, named, options.HandlePrefix).RunAsync(now, ct),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Format, null),
        };
        run.PeopleAdded += named.Added;
        return run.Summary(lines);
    }
}
