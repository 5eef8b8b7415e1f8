using System.Globalization;
using System.Net.Sockets;
using Tidings.Client;
using Tidings.Live;
using Tidings.People;
using Xunit;

namespace Tidings.Server.Tests.Live;

/// <summary>
/// Many readers, a tenth of whom stop reading. <c>TIDINGS_SOCKETS</c> says how many; 100 by default. Everybody follows an author who is pulled, some
/// one who is pushed; who has stopped reading gets more besides than its ring can hold. It weighs the memory of the process, so nothing else runs
/// meanwhile.
/// </summary>
[Collection(nameof(AloneCollection))]
public sealed class SlowReaderTests
{
    private const int Posts = 40, StalledShare = 10, ReceiveBufferBytes = 32 * 1024;

    /// <summary>More than the ring holds and what the socket, the kernel and the client take in.</summary>
    private const int Overflow = 20_000;

    /// <summary>What a reader's ring holds: each time that it runs over is a resync.</summary>
    private const int EventsRemembered = 1_024;

    /// <summary>What both ends of a connection may take: they are in one process here. The load command measures the server alone.</summary>
    private const long BytesPerConnectionMax = 200 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Sockets => int.Parse(Environment.GetEnvironmentVariable("TIDINGS_SOCKETS") ?? "100", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Who_stops_reading_costs_little_delays_nobody_and_is_told_to_read_again()
    {
        await using var server = new RunningServer(TimeProvider.System, o => o with { PullThreshold = Math.Max(2, Sockets / 2) });
        await server.InitializeAsync();
        using var slowHttp = new HttpClient(SmallSockets()) { BaseAddress = server.Http.BaseAddress };
        var (celebrity, author) = (await server.JoinAsync("celebrity"), await server.JoinAsync("author"));
        var people = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(i => FollowAsync(server, i, celebrity, author)));
        await server.SettledAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var readers = await Task.WhenAll(people.Select(async (person, i) =>
            await (i % StalledShare == 0 ? new TidingsClient(slowHttp, person.Token) : person.Client).OpenLiveAsync(null, Ct)));
        var healthy = readers.Index().Where(r => r.Index % StalledShare != 0).ToArray();
        var stalled = readers.Index().Where(r => r.Index % StalledShare == 0).ToArray();
        foreach (var (_, live) in healthy)
            Assert.Equal("hello", (await LiveSteps.NextAsync(live)).Type);

        var reading = healthy.Select(r => ReadAsync(r.Item, r.Index % 3 == 0 ? 2 * Posts : Posts)).ToArray();
        var told = server.Get<LiveReaders>();
        foreach (var (index, _) in stalled)
        {
            for (var i = 1; i <= Overflow; i++)
                told.Send(IdOf(people[index]), LiveEvent.Notification(i));
        }
        var posted = new List<string>();
        var asked = new Dictionary<string, long>();
        for (var i = 0; i < Posts; i++)
        {
            foreach (var who in new[] { celebrity, author })
            {
                var began = TimeProvider.System.GetTimestamp();
                posted.Add(await LiveSteps.PostAsync(who));
                asked.Add(posted[^1], began);
            }
        }

        var got = await Task.WhenAll(reading);
        foreach (var ((index, _), posts) in healthy.Zip(got))
        {
            var expected = index % 3 == 0 ? posted : posted.Where((_, i) => i % 2 == 0);
            Assert.Equal(expected.Order(StringComparer.Ordinal), posts.Select(p => p.Post).Order(StringComparer.Ordinal));
        }
        var delays = got.SelectMany(posts => posts).Select(p => TimeProvider.System.GetElapsedTime(asked[p.Post], p.At).TotalMilliseconds).Order().ToList();
        var perConnection = (GC.GetTotalMemory(forceFullCollection: true) - before) / Sockets;
        Assert.True(perConnection <= BytesPerConnectionMax, $"{perConnection} bytes");

        foreach (var (index, live) in stalled)
            await CatchUpAsync(live, told, IdOf(people[index]));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Sockets:N0} sockets, {stalled.Length} of them stalled: {perConnection:N0} bytes each, both ends; from a post's request to the frame " +
            $"at the healthy p50 {delays[delays.Count / 2]:N1} ms, p99 {delays[delays.Count * 99 / 100]:N1} ms of {delays.Count:N0}; 0 gaps without notice"));
        foreach (var live in readers)
            await live.DisposeAsync();
    }

    private static async Task<Someone> FollowAsync(RunningServer server, int index, Someone celebrity, Someone author)
    {
        var person = await server.JoinAsync("reader");
        await person.Client.FollowAsync(celebrity.Id, Ct);
        if (index % 3 == 0)
            await person.Client.FollowAsync(author.Id, Ct);
        return person;
    }

    /// <summary>Reads so many posts. The client throws where a number is missing.</summary>
    private static async Task<List<(string Post, long At)>> ReadAsync(LiveUpdates live, int count)
    {
        var posts = new List<(string, long)>(count);
        while (posts.Count < count)
        {
            var frame = await LiveSteps.NextAsync(live);
            Assert.Equal("posted", frame.Type);
            posts.Add((frame.Post!, TimeProvider.System.GetTimestamp()));
        }
        return posts;
    }

    /// <summary>Reads on after the stall. What wasn't sent in time has become a resync; after it comes what is new. A connection that is still stuck when
    /// the last event is told may have it in the resync: then it is told again.</summary>
    private static async Task CatchUpAsync(LiveUpdates live, LiveReaders told, UserId reader)
    {
        const int final = int.MaxValue;
        told.Send(reader, LiveEvent.Notification(final));
        var (resyncs, unread) = (0, 0);
        while (unread != final)
        {
            var frame = await LiveSteps.NextAsync(live);
            if (frame.Type == "resync")
            {
                resyncs++;
                told.Send(reader, LiveEvent.Notification(final));
            }
            if (frame.Unread is not { } number)
                continue;
            Assert.True(resyncs > 0 || number == unread + 1, $"{number} after {unread}, and no resync");
            unread = number;
        }
        Assert.InRange(resyncs, 1, Overflow / EventsRemembered);
    }

    private static UserId IdOf(Someone person) => UserId.TryParse(person.Id, out var id) ? id : throw new FormatException(person.Id);

    private static SocketsHttpHandler SmallSockets() => new()
    {
        UseProxy = false,
        ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiveBufferBytes };
            await socket.ConnectAsync(context.DnsEndPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}

/// <summary>What weighs the process it runs in.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
