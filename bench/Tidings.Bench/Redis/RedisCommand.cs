using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using Tidings.Adapters.Tests.Redis;
using Tidings.Bench.Measuring;
using Tidings.Feeds;
using Tidings.Redis;

namespace Tidings.Bench.Redis;

/// <summary>
/// Fan-out into a Redis Cluster: inboxes of both layouts beside the plain pipeline, ZADD and ZREMRANGEBYRANK for each reader in batches of 1,000, in turns
/// on the same cluster. Each counts what the six servers spend as well, for on one machine the client takes its cores from them.
/// </summary>
internal static class RedisCommand
{
    private const int NodeTimeoutMs = 15_000;

    public static async Task<int> RunAsync(Arguments line)
    {
        var people = line.Number("--people", 4_000, 1_000, 1_000_000);
        var slices = line.Number("--slices", 50, 1, 10_000);
        var inFlight = line.Number("--in-flight", 4, 1, 100);
        var rounds = line.Number("--rounds", 7, 1, 100);
        var servers = line.Text("--servers", "");
        var json = line.Text("--json", "");
        line.End();

        var report = new Report($"redis --people {people} --slices {slices} --in-flight {inFlight}");
        report.Begin();
        await using var cluster = servers.Length > 0 ? null : await RedisCluster.StartAsync(NodeTimeoutMs, CancellationToken.None);
        var settings = ConfigurationOptions.Parse(cluster?.Servers ?? servers);
        (settings.AllowAdmin, settings.AsyncTimeout) = (true, 60_000);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(settings);

        var plain = new PlainInboxes(connection, people);
        await using var packed = await RedisInboxWorld.MakeAsync(settings.ToString(includePassword: true), people, InboxLayout.Packed);
        await using var sorted = await RedisInboxWorld.MakeAsync(settings.ToString(includePassword: true), people, InboxLayout.SortedSet);
        await plain.FillAsync();
        await packed.FillAsync(connection);
        await sorted.FillAsync(connection);

        Report.Section("Deliveries, 1,000 readers at a time");
        var costs = new List<double>[3];
        var push = Series.Interleaved(rounds,
            () => Measure(connection, costs, 0, slices, inFlight, plain.PushAsync),
            () => Measure(connection, costs, 1, slices, inFlight, sorted.PushAsync),
            () => Measure(connection, costs, 2, slices, inFlight, packed.PushAsync));
        Say(report, "deliveries", push, costs, "delivery");
        report.Add("packed beside the plain pipeline", push[2].Over(push[0]), "×", atLeast: 3);

        foreach (var room in new[] { 20, IInboxes.CapEntries })
        {
            Report.Section($"The newest {room} of a reader");
            var readSlices = Math.Max(1, slices * 20 / room);
            costs = new List<double>[3];
            var read = Series.Interleaved(rounds,
                () => Measure(connection, costs, 0, readSlices, inFlight, _ => plain.ReadAsync(room)),
                () => Measure(connection, costs, 1, readSlices, inFlight, _ => sorted.ReadAsync(room)),
                () => Measure(connection, costs, 2, readSlices, inFlight, _ => packed.ReadAsync(room)));
            Say(report, $"reads of {room}", read, costs, "read");
            report.Add($"packed beside the plain pipeline, reads of {room}", read[2].Over(read[0]), "×");
        }

        Report.Section("Memory of one server for an entry");
        report.Add("plain", await plain.BytesPerEntryAsync(), "B");
        report.Add("sorted", await sorted.BytesPerEntryAsync(connection), "B");
        report.Add("packed", await packed.BytesPerEntryAsync(connection), "B");
        await report.EndAsync(json);
        return 0;
    }

    private static void Say(Report report, string what, Series[] rates, List<double>[] costs, string one)
    {
        string[] names = ["plain pipeline", "sorted", "packed"];
        for (var i = 0; i < names.Length; i++)
        {
            report.Add($"{names[i]}: {what}", rates[i], "/s");
            // The first is the warm-up.
            report.Add($"{names[i]}: CPU of all six servers for a {one}", new Series(costs[i].Skip(1)), "µs");
        }
    }

    /// <returns>Things a second.</returns>
    private static double Measure(
        ConnectionMultiplexer connection, List<double>[] costs, int place, int slices, int inFlight, Func<int, Task<int>> slice)
    {
        var (before, began) = (CpuSeconds(connection), Stopwatch.GetTimestamp());
        var workers = Enumerable.Range(0, inFlight).Select(async worker =>
        {
            var done = 0;
            for (var i = worker; i < slices; i += inFlight)
                done += await slice(i);
            return done;
        }).ToArray();
        var done = Task.WhenAll(workers).GetAwaiter().GetResult().Sum();
        var elapsed = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (costs[place] ??= []).Add((CpuSeconds(connection) - before) * 1e6 / done);
        return done / elapsed;
    }

    private static double CpuSeconds(ConnectionMultiplexer connection) => connection.GetServers()
        .SelectMany(server => server.Info("cpu").SelectMany(section => section))
        .Where(line => line.Key is "used_cpu_sys" or "used_cpu_user")
        .Sum(line => double.Parse(line.Value, CultureInfo.InvariantCulture));
}
