using System.Diagnostics;
using Tidings.Bench.Measuring;
using Tidings.Bench.Worlds;
using Tidings.Embedded;
using Tidings.Import;
using Tidings.People;

namespace Tidings.Bench.Start;

/// <summary>
/// How long a start takes: a record with so many people, follows and posts is made through the bulk door, then opened again and again, each time
/// by a new process: after a clean close, and after a kill amid writing. The files are in the page cache, as after a restart of the
/// program, not of the machine.
/// </summary>
internal static class StartCommand
{
    public static async Task<int> RunAsync(Arguments line)
    {
        var people = line.Number("--people", 1_000_000, 5_000, 100_000_000);
        var posts = line.Number("--posts", 10_000_000, 0, OpenChild.HotPosts);
        var follows = line.Number("--follows", 10_000_000, 0, 1_000_000_000);
        var rounds = line.Number("--rounds", 3, 1, 100);
        var keep = line.Text("--keep", "");
        var json = line.Text("--json", "");
        line.End();

        var report = new Report($"start --people {people} --follows {follows} --posts {posts}");
        report.Begin();
        using var temporary = keep.Length == 0 ? new TempFolder() : null;
        var folder = temporary?.Path ?? keep;
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
            await MakeAsync(report, folder, people, follows, posts);
        using var empty = new TempFolder();
        await OpenChild.StartAsync(empty.Path, kill: false);
        var emptyBytes = (await OpenChild.StartAsync(empty.Path, kill: false)).ResidentBytes;

        Report.Section("Opening");
        var clean = await RepeatAsync(rounds, folder, kill: false);
        report.Add("closed cleanly: from process start to ready", new Series(clean.Select(o => o.StartedMs / 1e3)), "s", atMost: 5);
        report.Add("closed cleanly: opening the record", new Series(clean.Select(o => o.OpenedMs / 1e3)), "s");
        report.Add("closed cleanly: CPU until ready", new Series(clean.Select(o => o.CpuMs / 1e3)), "s CPU");
        report.Add("closing it", new Series(clean.Select(o => o.ClosedMs / 1e3)), "s");
        report.Add("resident memory above an empty record", new Series(clean.Select(o => (o.ResidentBytes - emptyBytes) / 1e6)), "MB");
        report.Add("resident memory above an empty record, for each person", new Series(clean.Select(o => (o.ResidentBytes - emptyBytes) / (double)people)), "B");

        // Each start of these but the first meets what the kill before left behind.
        var killed = (await RepeatAsync(rounds + 1, folder, kill: true)).Skip(1).ToArray();
        report.Add("killed amid writing: from process start to ready", new Series(killed.Select(o => o.StartedMs / 1e3)), "s", atMost: 5);
        report.Add("killed amid writing: opening the record", new Series(killed.Select(o => o.OpenedMs / 1e3)), "s");
        report.Add("killed amid writing: CPU until ready", new Series(killed.Select(o => o.CpuMs / 1e3)), "s CPU");
        await report.EndAsync(json);
        return 0;
    }

    private static async Task<List<Opened>> RepeatAsync(int times, string folder, bool kill)
    {
        var opened = new List<Opened>();
        for (var i = 0; i < times; i++)
            opened.Add(await OpenChild.StartAsync(folder, kill));
        return opened;
    }

    private static async Task MakeAsync(Report report, string folder, int people, int follows, int posts)
    {
        Report.Section("Making the record through the bulk door");
        Directory.CreateDirectory(folder);
        var options = new EmbeddedOptions { DataFolder = folder, HotPostsMax = OpenChild.HotPosts, FreeBytesMin = 0 };
        await using var profile = await EmbeddedProfile.OpenAsync(options, TimeProvider.System, null, CancellationToken.None);
        report.Add("people", await PerSecondAsync(people, () => Seeding.PeopleAsync(profile.Bulk, people)), "/s");
        report.Add("follows", await PerSecondAsync(follows, () => Seeding.FollowsAsync(profile.Bulk, "follows", Follows(people, follows))), "/s");
        report.Add("posts", await PerSecondAsync(posts, () => Seeding.PostsAsync(profile.Bulk, "posts", Posts(people, posts))), "/s");
    }

    private static async Task<double> PerSecondAsync(int count, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Everyone follows as many; whom, falls off with their number: the square of a uniform draw.</summary>
    private static IEnumerable<(UserId, UserId)> Follows(int people, int follows)
    {
        var random = new Random(13);
        for (var i = 0L; i < follows; i++)
        {
            var draw = random.NextDouble();
            yield return (new UserId(1 + i * people / follows), new UserId(1 + (long)(draw * draw * people)));
        }
    }

    private static IEnumerable<DatedPost> Posts(int people, int posts)
    {
        var random = new Random(14);
        var start = TimeProvider.System.GetUtcNow().AddDays(-30).ToUnixTimeMilliseconds();
        var stepMs = TimeSpan.FromDays(30).TotalMilliseconds / Math.Max(1, posts);
        for (var i = 0L; i < posts; i++)
            yield return Seeding.Post(new UserId(1 + random.Next(people)), "A post of some length, as people write them when they have a moment.", start + (long)(i * stepMs));
    }
}
