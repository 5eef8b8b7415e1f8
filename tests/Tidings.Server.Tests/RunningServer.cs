using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tidings.Client;
using Tidings.Client.Wire;
using Tidings.Events;
using Tidings.FanOut;
using Tidings.People;
using Tidings.Server.Hosting;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests;

/// <summary>The real server on a free port, over a real record in a folder of its own.</summary>
public sealed class RunningServer : IAsyncLifetime
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromMinutes(3);

    private readonly DataFolder _folder;
    private readonly TimeProvider _clock;
    private readonly Func<ServeOptions, ServeOptions> _change;
    private readonly bool _ownsFolder;
    private int _people;

    public RunningServer()
        : this(TimeProvider.System, static o => o)
    {
    }

    internal RunningServer(TimeProvider clock, Func<ServeOptions, ServeOptions> change, DataFolder? folder = null)
    {
        _clock = clock;
        _change = change;
        _folder = folder ?? new DataFolder();
        _ownsFolder = folder is null;
    }

    public TidingsServer Server { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Nobody.</summary>
    public TidingsClient Anonymous { get; private set; } = null!;

    /// <summary>The operator.</summary>
    public TidingsClient Admin { get; private set; } = null!;

    internal LogLines Log { get; } = new();

    public T Get<T>() where T : notnull => Server.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        var options = _change(new ServeOptions
        {
            DataFolder = _folder.Path,
            Urls = "http://127.0.0.1:0",
            FreeMib = 0,
            InboxMib = 64,
            HotPosts = 65_536,
            SignInsPerAddress = 1_000_000,
            SignInsPerHandle = 1_000_000,
            NoRateLimits = true,
        });
        Server = await TidingsServer.OpenAsync(
            options, _clock, null, builder => builder.Logging.ClearProviders().AddProvider(Log), CancellationToken.None);
        await Server.StartAsync(CancellationToken.None);
        Http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            // Whoever has a certificate here made it a moment ago.
            SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
        })
        {
            BaseAddress = new Uri(Server.Addresses.First()),
            DefaultRequestVersion = HttpVersion.Version11,
        };
        Anonymous = new TidingsClient(Http);
        Admin = new TidingsClient(Http, Server.NewAdminKey);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        if (_ownsFolder)
            _folder.Dispose();
    }

    /// <summary>Someone new, signed in.</summary>
    public async Task<Someone> JoinAsync(string name)
    {
        var handle = $"{name}_{Interlocked.Increment(ref _people)}";
        var person = await Admin.AddPersonAsync(new NewPersonRequest(handle, name), CancellationToken.None);
        Assert.True(UserId.TryParse(person.Id, out var id));
        var session = await Get<SignIn>().OpenAsync(id, CancellationToken.None);
        return new Someone(person.Id, handle, name, session.Token, new TidingsClient(Http, session.Token));
    }

    /// <summary>Both are friends, and so follow each other.</summary>
    public static async Task BefriendAsync(Someone one, Someone other)
    {
        await one.Client.BefriendAsync(other.Id, CancellationToken.None);
        await other.Client.BefriendAsync(one.Id, CancellationToken.None);
    }

    /// <summary>Waits until all that happened so far is in everybody's inbox.</summary>
    public async Task SettledAsync()
    {
        using var patience = new CancellationTokenSource(PatienceMax);
        await Get<FanOutWorker>().PassedAsync(Get<IEventLog>().End, patience.Token);
    }

    /// <summary>Asks again and again: for what only an answer can tell.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        // Between two looks it leaves the processor to what it waits for.
        using var patience = new CancellationTokenSource(PatienceMax);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!await isSo())
            await looks.WaitForNextTickAsync(patience.Token);
    }

    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));
}

public sealed record Someone(string Id, string Handle, string Name, string Token, TidingsClient Client);
