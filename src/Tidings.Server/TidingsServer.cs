using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Tidings.Embedded;
using Tidings.Feeds;
using Tidings.Ranking;
using Tidings.Server.Admin;
using Tidings.Server.Affinity;
using Tidings.Server.Audits;
using Tidings.Server.Demo;
using Tidings.Server.Engagement;
using Tidings.Server.Feeds;
using Tidings.Server.Graph;
using Tidings.Server.Health;
using Tidings.Server.Hosting;
using Tidings.Server.Http;
using Tidings.Server.Live;
using Tidings.Server.Notifications;
using Tidings.Server.People;
using Tidings.Server.Posts;
using Tidings.Server.Scoring;
using Tidings.Server.Security;
using Tidings.Server.Vitals;
using Tidings.Server.Web;

namespace Tidings.Server;

/// <summary>
/// The whole server: an open record and the web host over it. The record is opened first and closed last, so no request ever meets a record
/// that isn't there.
/// </summary>
public sealed class TidingsServer : IAsyncDisposable
{
    private readonly EmbeddedProfile _profile;
    private readonly WebApplication _app;
    private readonly ServeOptions _options;
    private readonly ILogger _log;
    private Task? _stop;

    private TidingsServer(EmbeddedProfile profile, WebApplication app, ServeOptions options, string? newAdminKey)
    {
        _profile = profile;
        _app = app;
        _options = options;
        _log = app.Services.GetRequiredService<ILogger<TidingsServer>>();
        NewAdminKey = newAdminKey;
    }

    public IServiceProvider Services => _app.Services;

    /// <summary>Where it listens, with the ports that it got.</summary>
    public IReadOnlyCollection<string> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>The demo's people, if this is a demo.</summary>
    public DemoNetwork? Demo { get; private set; }

    /// <summary>The admin key, if this start made it: the record keeps its hash only.</summary>
    public string? NewAdminKey { get; }

    /// <param name="configure">Last changes before the host is built: for tests that look inside.</param>
    /// <exception cref="RecordException">The record can't be opened.</exception>
    /// <exception cref="Models.ModelFileException">The file of <c>--model</c> can't rank.</exception>
    public static async Task<TidingsServer> OpenAsync(
        ServeOptions options, TimeProvider clock, IProgress<LoadProgress>? progress, Action<WebApplicationBuilder>? configure,
        CancellationToken ct)
    {
        var profile = await EmbeddedProfile.OpenAsync(options.Embedded(), clock, progress, ct);
        try
        {
            var app = Build(options, profile, clock, configure);
            return new TidingsServer(profile, app, options, await AdminKey.EnsureAsync(profile.Credentials, ct));
        }
        catch
        {
            await profile.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="DemoRefusedException">A demo was asked for, and the record has other people in it.</exception>
    public async Task StartAsync(CancellationToken ct)
    {
        if (_options.Ranking == "kept")
            await Services.GetRequiredService<ChangeRanking>().LoadAsync(ct);
        await Services.GetRequiredService<RunExperiments>().LoadAsync(ct);
        if (_options.Demo)
            _app.Services.GetRequiredService<DemoLoop>().Network = Demo = await DemoNetwork.SeedAsync(Services, ct);
        await _app.StartAsync(ct);
        ServerLog.Listening(_log, string.Join(", ", Addresses), Path.GetFullPath(_options.DataFolder), _options.Durability.ToString().ToLowerInvariant());
    }

    /// <summary>Runs until it is told to stop, or until something fails that it can't go on without.</summary>
    /// <returns>The exit code of the process.</returns>
    public async Task<int> RunToEndAsync(CancellationToken ct)
    {
        await (_stop = _app.WaitForShutdownAsync(ct));
        return _app.Services.GetRequiredService<FailStop>().HasFailed ? FailStop.ExitCode : 0;
    }

    /// <summary>Stops taking requests, and lets those end that have begun.</summary>
    public Task StopAsync()
    {
        _app.Lifetime.StopApplication();
        return _stop ??= _app.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _profile.DisposeAsync();
        ServerLog.Stopped(_log);
        await _app.DisposeAsync();
    }

    private static WebApplication Build(
        ServeOptions options, EmbeddedProfile profile, TimeProvider clock, Action<WebApplicationBuilder>? configure)
    {
        // An empty builder reads no files and no variables: every setting is one of ours.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Tidings.Server" });
        builder.WebHost.UseTidingsKestrel(options);
        builder.Logging.AddLines(onTerminal: !Console.IsErrorRedirected);
        builder.Services.AddSingleton(options).AddSingleton(clock)
            .AddEmbedded(profile)
            .AddTidings(options)
            .AddLive(options)
            .AddScoring(options)
            .AddHosting()
            .AddTelemetry()
            .AddVitals()
            .AddAudits()
            .AddSecurity()
            .AddWebApp()
            .AddWireFormat()
            .AddApiDocument()
            .AddAnswers();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseTrustedProxies(options);
        app.UseScoring();
        app.UseMiddleware<Guard>();
        app.UseLiveSockets();
        app.UseRouting();
        app.UseAdminDoor(options);
        app.UseMiddleware<Admission>();
        app.MapHealth();
        app.MapApiDocument();
        app.MapAdmin();
        app.MapWebApp();

        var people = app.MapGroup("/v1").IsFor(Access.Person);
        people.MapGroup("").WithTags("people").MapPeople();
        people.MapGroup("").WithTags("graph").MapGraph();
        people.MapGroup("").WithTags("audiences").MapAudiences();
        var posts = people.MapGroup("").WithTags("posts");
        app.Services.GetRequiredService<PublishEndpoint>().Map(posts);
        posts.MapPosts();
        people.MapGroup("").WithTags("engagement").MapEngagement();
        app.Services.GetRequiredService<FeedEndpoints>().Map(people.MapGroup("").WithTags("feeds"));
        people.MapGroup("").WithTags("live").MapLive();
        people.MapGroup("").WithTags("affinity").MapAffinity();
        people.MapGroup("").WithTags("notifications").MapNotifications();
        if (options.Demo)
            people.MapDemo();
        return app;
    }
}
