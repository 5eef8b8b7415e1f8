using Tidings.People;

namespace Tidings.Import;

/// <summary>Edges → follows, in batches large enough that a person's list is written once or a few times, not once for each follow.</summary>
internal sealed class EdgeImport(ImportRun run, ExternalPeople people)
{
    private const int LinesPerBatchMax = 128 * 1024;

    public async Task<long> RunAsync(bool bothWays, CancellationToken ct)
    {
        var reader = new EdgeListReader(run.Content, run.Bad);
        var edges = new EdgeLine[LinesPerBatchMax];
        var follows = new (UserId, UserId)[LinesPerBatchMax * (bothWays ? 2 : 1)];
        int read;
        do
        {
            read = reader.Read(edges);
            foreach (ref readonly var edge in edges.AsSpan(0, read))
            {
                if (run.IsStored(edge.Line))
                    continue;
                people.Name(edge.Follower);
                people.Name(edge.Followee);
            }
            await people.AddNamedAsync(ct);
            var count = Follows(edges.AsSpan(0, read), follows, bothWays);
            await run.StoreAsync(count, reader.Line, new ArraySegment<(UserId, UserId)>(follows, 0, count), [], ct);
        }
        while (read == edges.Length);
        return reader.Line;
    }

    private int Follows(ReadOnlySpan<EdgeLine> edges, Span<(UserId, UserId)> into, bool bothWays)
    {
        var count = 0;
        foreach (ref readonly var edge in edges)
        {
            if (run.IsStored(edge.Line))
                continue;
            var (follower, followee) = (people[edge.Follower], people[edge.Followee]);
            into[count++] = (follower, followee);
            if (bothWays)
                into[count++] = (followee, follower);
        }
        return count;
    }
}
