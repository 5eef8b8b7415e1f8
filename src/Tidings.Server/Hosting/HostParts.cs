using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Logging.Console;
using Tidings.Client.Wire;
using Tidings.Server.Admin;
using Tidings.Server.Engagement;
using Tidings.Server.Feeds;
using Tidings.Server.Graph;
using Tidings.Server.Http;
using Tidings.Server.Notifications;
using Tidings.Server.People;
using Tidings.Server.Posts;

namespace Tidings.Server.Hosting;

/// <summary>The parts that the host is put together from.</summary>
internal static class HostParts
{
    /// <summary>How long requests that have begun may take to end when the server stops.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    public static void UseTidingsKestrel(this IWebHostBuilder web, ServeOptions options) =>
        web.UseUrls(options.AdminUrls.Length == 0 ? options.Urls : $"{options.Urls};{options.AdminUrls}")
            .UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true).UseKestrel(kestrel =>
        {
            HttpLimits.Apply(kestrel);
            if (options.Certificate.Length > 0)
            {
                var certificate = X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey);
                kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
            }
        });

    /// <summary>Logs leave on the error stream, a JSON object a line; on a terminal, where somebody reads them beside what the standard stream
    /// says, a plain line.</summary>
    public static void AddLines(this ILoggingBuilder logging, bool onTerminal)
    {
        // The host's own diagnostics would make a scope and an activity for each request, for a log that we write ourselves.
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (onTerminal)
        {
            logging.AddSimpleConsole(plain =>
            {
                plain.SingleLine = true;
                plain.TimestampFormat = "HH:mm:ss ";
            });
        }
        else
        {
            logging.AddJsonConsole(json =>
            {
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                json.UseUtcTimestamp = true;
                json.JsonWriterOptions = new JsonWriterOptions { Indented = false };
            });
        }
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>Readiness closes before the loops end, and the loops end before the record is closed.</summary>
    public static IServiceCollection AddHosting(this IServiceCollection services) => services
        .Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout)
        .AddRouting()
        .AddSingleton<FailStop>()
        .AddSingleton<Readiness>()
        .AddSingleton<ServerStatus>()
        .AddSingleton<Backups>()
        .AddHostedService<Drain>()
        .AddHostedService<RecordWatch>()
        .AddHostedService<FanOutLoop>()
        .AddHostedService<NotificationLoop>()
        .AddHostedService<PopularLoop>()
        .AddHostedService<Housekeeping>()
        .AddSingleton<Erasures>()
        .AddHostedService(s => s.GetRequiredService<Erasures>())
        .AddHostedService<SlateLoop>()
        .AddHostedService<ExperimentLoop>()
        .AddSingleton<DemoLoop>()
        .AddHostedService(s => s.GetRequiredService<DemoLoop>());

    public static IServiceCollection AddWireFormat(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json =>
        {
            WireJson.Configure(json.SerializerOptions);
            json.SerializerOptions.TypeInfoResolver = WireJson.Wire;
            // For the document of the API, whose schemas nest twice as deep as what they describe. Bodies are read by the stricter wire format.
            json.SerializerOptions.MaxDepth = 32;
        });

    public static IServiceCollection AddAnswers(this IServiceCollection services) => services
        .AddSingleton<PersonViews>()
        .AddSingleton<PersonExport>()
        .AddSingleton<PeopleLists>()
        .AddSingleton<PostFragments>()
        .AddSingleton<PostAnswers>()
        .AddSingleton<PostMarks>()
        .AddSingleton<FeedEndpoints>()
        .AddSingleton<PublishEndpoint>();
}
