using System.Diagnostics;
using Tidings.Bench.Measuring;
using Tidings.Bench.Worlds;
using Tidings.Embedded;
using Tidings.Import;
using Tidings.People;

namespace Tidings.Bench.Replay;

/// <summary>A network from an edge list: imported into a record in a folder of its own, and read once more, by itself, for the plain feeds.</summary>
internal sealed class ReplayGraph : IDisposable
{
    private const int LinesPerRead = 65_536;

    private readonly TempFolder _folder = new();

    private ReplayGraph()
    {
    }

    public IdMap People { get; } = new();

    public PlainFeeds Plain { get; } = new();

    public string Key { get; } = Token.Make(Token.ServicePrefix);

    public EmbeddedOptions Options => new() { DataFolder = _folder.Path };

    public static async Task<ReplayGraph> ImportAsync(Report report, string path, bool bothWays)
    {
        if (!File.Exists(path))
            throw new UsageException($"There is no {path}: say where the data is with --data.");
        var graph = new ReplayGraph();
        var began = Stopwatch.GetTimestamp();
        ImportSummary summary;
        await using (var profile = await EmbeddedProfile.OpenAsync(graph.Options, TimeProvider.System, null, CancellationToken.None))
        {
            using var source = SourceFile.Open(path);
            var importer = new Importer(profile.Bulk, profile.People, TimeProvider.System);
            var options = new ImportOptions { Format = ImportFormat.Edges, BothWays = bothWays };
            summary = await importer.RunAsync(source, options, graph.People, null, CancellationToken.None);
            await Load.LoadWorld.AddKeyAsync(profile, graph.Key);
        }
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        graph.ReadPlain(path, bothWays);
        report.Add("people imported", summary.PeopleAdded, "people");
        report.Add("follows, each once, without those of oneself", graph.Plain.Follows, "follows");
        report.Add("import, with closing", summary.Stored / seconds, "follows/s");
        return graph;
    }

    public UserId this[ulong external] => People.TryGet(external, out var person)
        ? person
        : throw new InvalidDataException($"{external} is not in the graph.");

    public void Dispose() => _folder.Dispose();

    private void ReadPlain(string path, bool bothWays)
    {
        using var source = SourceFile.Open(path);
        var reader = new EdgeListReader(source.Content, new BadLines());
        var edges = new EdgeLine[LinesPerRead];
        int read;
        do
        {
            read = reader.Read(edges);
            foreach (ref readonly var edge in edges.AsSpan(0, read))
            {
                Plain.Follow(this[edge.Follower], this[edge.Followee]);
                if (bothWays)
                    Plain.Follow(this[edge.Followee], this[edge.Follower]);
            }
        }
        while (read == edges.Length);
    }
}
