using System.Globalization;
using Xunit;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// Kills the real server with kill -9 under load, again and again on one data folder, and looks after each kill whether everything is there
/// that was acknowledged, once. TIDINGS_KILLS sets how many kills, TIDINGS_SEED repeats a choice of requests and moments (the threads of the
/// server still interleave as they like).
/// </summary>
[Collection(nameof(FaultsCollection))]
public sealed class KillTests
{
    private const int Writers = 8;
    private const int AcknowledgedMin = 30, AcknowledgedMax = 600;

    /// <summary>Every so often a start is killed too: once the process says anything, it is opening the record or has just opened it.</summary>
    private const int KilledStartEvery = 5;

    private readonly Ledger _ledger = new();
    private readonly List<double> _startSeconds = [];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_by_kills()
    {
        var kills = Settings.Kills;
        var seed = Settings.Seed;
        using var folder = new DataFolder();
        var kill = 0;
        try
        {
            var random = new Random(seed);
            var keys = await Keys.MakeAsync(folder.Path);
            var writers = Enumerable.Range(0, Writers).Select(i => new LoadWriter(i, _ledger, new Random(seed + 1 + i))).ToArray();
            for (kill = 1; kill <= kills; kill++)
            {
                await using var server = await StartAsync(folder.Path);
                await LookAsync(server, keys, random);
                await LoadUntilKilledAsync(server, keys, writers, random.Next(AcknowledgedMin, AcknowledgedMax));
                if (kill % KilledStartEvery == 0)
                    await KillWhileStartingAsync(folder.Path);
            }
            await LookAtAllAsync(folder.Path, keys, random);
            var events = await new EventComparison(_ledger).CompareAsync(folder.Path, CancellationToken.None);
            Report(kills, events);
        }
        catch (Exception e)
        {
            folder.Keep();
            throw new WrongAnswerException($"TIDINGS_SEED={seed}, kill {kill}, data folder {folder.Path}: {e}");
        }
    }

    private async Task<ServerProcess> StartAsync(string folder)
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var server = await ServerProcess.ReadyAsync(folder);
        _startSeconds.Add(clock.GetElapsedTime(began).TotalSeconds);
        return server;
    }

    private async Task LookAsync(ServerProcess server, Keys keys, Random random)
    {
        await new Aftermath(_ledger, keys.For(server), keys.Admin(server)).SettleAsync(CancellationToken.None);
        await Quiet.WaitAsync(keys.Admin(server));
        await new Comparison(_ledger, keys.For(server)).CompareAsync(random, CancellationToken.None);
    }

    private async Task LookAtAllAsync(string folder, Keys keys, Random random)
    {
        await using var server = await StartAsync(folder);
        await LookAsync(server, keys, random);
        _ledger.TouchEverything();
        await LookAsync(server, keys, random);
        server.Terminate();
        Assert.Equal(0, await server.EndAsync());
    }

    private async Task LoadUntilKilledAsync(ServerProcess server, Keys keys, LoadWriter[] writers, int acknowledgedMax)
    {
        using var stop = new CancellationTokenSource(ServerProcess.Patience);
        var left = acknowledgedMax;
        var tasks = writers.Select(writer => Task.Run(() => writer.RunAsync(keys.For(server), keys.Admin(server), OnAcknowledged, stop.Token))).ToArray();
        await Task.WhenAny(Task.WhenAll(tasks), Task.WhenAny(tasks.Select(FailureAsync)));
        server.Kill();
        await Task.WhenAll(tasks);
        if (stop.IsCancellationRequested)
            throw new WrongAnswerException($"{left} of {acknowledgedMax} acknowledgements did not come within {ServerProcess.Patience}.");
        if (left > 0)
            throw new WrongAnswerException($"The server stopped answering by itself:\n{server.Errors}");

        void OnAcknowledged()
        {
            if (Interlocked.Decrement(ref left) == 0)
                server.Kill();
        }
    }

    /// <summary>Completes when the task fails, never when it succeeds.</summary>
    private static async Task FailureAsync(Task task)
    {
        await task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (task.IsCompletedSuccessfully)
            await new TaskCompletionSource().Task;
    }

    private static async Task KillWhileStartingAsync(string folder)
    {
        await using var server = ServerProcess.Start(folder, []);
        await server.Stirs.WaitAsync(ServerProcess.Patience);
        server.Kill();
    }

    private void Report(int kills, long events)
    {
        _startSeconds.Sort();
        var half = _startSeconds[_startSeconds.Count / 2];
        var worst = _startSeconds[Math.Min(_startSeconds.Count - 1, _startSeconds.Count * 99 / 100)];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills, {_ledger.Acknowledged:N0} acknowledged writes, 0 lost, 0 duplicated; {events:N0} events without a gap; " +
            $"restart to ready p50 {half:F2} s, p99 {worst:F2} s; with 95 % confidence fewer than {300.0 / kills:F1} % of kills lose anything"));
    }
}
