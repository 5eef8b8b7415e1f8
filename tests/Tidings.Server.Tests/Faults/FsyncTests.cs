using System.Globalization;
using Tidings.Client;
using Tidings.Client.Wire;
using Xunit;

namespace Tidings.Server.Tests.Faults;

/// <summary>
/// The disk refuses to sync, from some moment on: no request that needed one of the refused syncs may be acknowledged, the process ends and says
/// why, and whoever starts it again finds a consistent record. A sync is never tried again: after a failed one the system may have dropped what
/// was to be written, and a second one that succeeds says nothing about it.
/// </summary>
[Collection(nameof(FaultsCollection))]
public sealed class FsyncTests(FsyncTests.Prepared prepared) : IClassFixture<FsyncTests.Prepared>
{
    private const int EndedBecauseItFailed = 1, EndedBecauseItCouldNotOpen = 3;
    private const int PostsMax = 2_000;

    /// <summary>One request at a time: each acknowledgement then has a sync of its own.</summary>
    [Theory]
    [InlineData("EIO", 2)]
    [InlineData("EIO", 25)]
    [InlineData("EIO", 70)]
    [InlineData("ENOSPC", 40)]
    public Task No_acknowledgement_follows_a_failed_sync(string error, int from) => FailAsync(error, from, 1);

    /// <summary>Several at once, whose posts share commits and syncs.</summary>
    [Theory]
    [InlineData("EIO", 30)]
    [InlineData("ENOSPC", 60)]
    public Task No_acknowledgement_of_a_group_follows_its_failed_sync(string error, int from) => FailAsync(error, from, 6);

    private async Task FailAsync(string error, int from, int writers)
    {
        await SyncCalls.NeedAsync();
        using var folder = new DataFolder();
        var record = prepared.CopyTo(Path.Combine(folder.Path, "record"));
        var syncs = new SyncCalls(Path.Combine(folder.Path, "syncs"));

        await using var server = ServerProcess.Start(record, syncs.Failing(error, from));
        var opened = await server.TryBeReadyAsync();
        var sent = opened ? await PublishUntilRefusedAsync(server, writers) : [];
        var code = await server.EndAsync();

        Assert.True(code == (opened ? EndedBecauseItFailed : EndedBecauseItCouldNotOpen), $"exit code {code}, opened {opened}:\n{server.Errors}");
        Assert.True(syncs.FirstFailure() is not null, "no sync failed");
        Assert.Matches(error == "EIO" ? "Input/output error" : "No space left on device", server.Errors);
        NothingFalselyAcknowledged(sent, syncs, writers);
        await FindAsync(record, sent);
    }

    private static void NothingFalselyAcknowledged(List<Sent> sent, SyncCalls syncs, int writers)
    {
        var failed = syncs.FirstFailure()!.Value;
        var acknowledged = sent.Where(post => post.Id is not null).ToList();
        var askedAfter = acknowledged.Where(post => post.AskedSeconds > failed).ToList();
        Assert.True(askedAfter.Count == 0, $"{askedAfter.Count} posts were acknowledged though they were sent after the failed sync");
        if (writers > 1)
            return;
        var answeredAfter = acknowledged.Count(post => post.AnsweredSeconds > failed);
        Assert.True(answeredAfter == 0, $"{answeredAfter} posts were acknowledged after the failed sync");
        Assert.True(acknowledged.Count <= syncs.Confirmed(), $"{acknowledged.Count} acknowledgements with {syncs.Confirmed()} syncs");
    }

    /// <summary>Without strace: everything acknowledged once, the rest at most once, and sending it again makes it once.</summary>
    private async Task FindAsync(string record, List<Sent> sent)
    {
        await using var server = await ServerProcess.ReadyAsync(record);
        var client = prepared.Author(server);
        var before = await ReadAsync();
        Assert.Equal(before.Count, before.Select(post => post.Text).Distinct().Count());
        var ids = before.ToDictionary(post => post.Text, post => post.Id);
        foreach (var post in sent)
        {
            var again = await client.PublishAsync(new PublishRequest(post.Text), post.Key, CancellationToken.None);
            Assert.Equal(post.Id ?? again.Id, again.Id);
            Assert.Equal(post.Id ?? ids.GetValueOrDefault(post.Text), ids.GetValueOrDefault(post.Text));
            Assert.Equal(ids.GetValueOrDefault(post.Text, again.Id), again.Id);
        }
        Assert.Equal(sent.Select(post => post.Text).Order(), (await ReadAsync()).Select(post => post.Text).Order());

        Task<List<PostView>> ReadAsync() => Pages.AllAsync(cursor => client.PostsOfAsync(prepared.AuthorId, Pages.Limit, cursor, CancellationToken.None));
    }

    private async Task<List<Sent>> PublishUntilRefusedAsync(ServerProcess server, int writers)
    {
        var each = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var client = prepared.Author(server);
            var ledger = new Ledger();
            var sent = new List<Sent>();
            while (sent.Count < PostsMax)
            {
                var post = new Sent(string.Create(CultureInfo.InvariantCulture, $"{writer}-{sent.Count}")) { AskedSeconds = Now() };
                sent.Add(post);
                var (outcome, published) = await Answers.OfAsync(
                    ledger, post.Key, () => client.PublishAsync(new PublishRequest(post.Text), post.Key, CancellationToken.None));
                if (outcome != Outcome.Done)
                    return sent;
                post.AnsweredSeconds = Now();
                post.Id = published!.Id;
            }
            throw new WrongAnswerException($"{PostsMax} posts were acknowledged and none was refused: does anything sync?");
        })));
        return [.. each.SelectMany(sent => sent)];
    }

    private static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private sealed record Sent(string Key)
    {
        public string Text => $"synced {Key}";

        public double AskedSeconds { get; init; }

        public double AnsweredSeconds { get; set; }

        public string? Id { get; set; }
    }

    /// <summary>A closed record with an author and the keys to write for them, copied for each test.</summary>
    public sealed class Prepared : IAsyncLifetime
    {
        private readonly DataFolder _folder = new();
        private Keys? _keys;

        public string AuthorId { get; private set; } = "";

        public async ValueTask InitializeAsync() => _keys = await Keys.MakeAsync(_folder.Path, async admin =>
            AuthorId = (await admin.AddPersonAsync(new NewPersonRequest("author", "Author"), CancellationToken.None)).Id);

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return default;
        }

        public string CopyTo(string folder)
        {
            foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(folder, Path.GetRelativePath(_folder.Path, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
            return folder;
        }

        internal TidingsClient Author(ServerProcess server) => _keys!.For(server)(AuthorId);
    }
}
