using System.Net;
using System.Net.Sockets;

namespace Tidings.Server.Hosting;

/// <summary>Who could reach the server: other machines only where somebody said so.</summary>
internal static class ListenAddresses
{
    public static string[] Split(string urls) => urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Adds to the errors what stands against listening there.</summary>
    public static void Check(ServeOptions options, ICollection<string> errors)
    {
        var ports = new HashSet<int>();
        Check("--urls", options.Urls, options, errors, address => ports.Add(address.Port));
        Check("--admin-urls", options.AdminUrls, options, errors, address =>
        {
            if (address.Port != 0 && ports.Contains(address.Port))
                errors.Add($"--admin-urls: port {address.Port} is in --urls too, and by the port they are told apart.");
        });
    }

    private static void Check(
        string option, string urls, ServeOptions options, ICollection<string> errors, Action<BindingAddress> look)
    {
        foreach (var url in Split(urls))
        {
            BindingAddress address;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                errors.Add($"{option}: '{url}' is no address. One looks like http://127.0.0.1:8080.");
                continue;
            }

            look(address);
            var isHttps = address.Scheme == Uri.UriSchemeHttps;
            var isPublic = !IsLoopback(address.Host);
            if (isHttps && (options.Certificate.Length == 0 || options.CertificateKey.Length == 0))
                errors.Add($"{url} needs --certificate and --certificate-key.");
            if (isPublic && options.Demo)
                errors.Add($"--demo makes people and prints their passwords: it listens on loopback only, not on {url}.");
            if (isPublic && !isHttps && !options.InsecurePublic)
                errors.Add($"{url} can be reached from other machines, and what they send could be read on the way. "
                    + "Give it https and a certificate, or say --insecure-public where a proxy in front has TLS.");
        }
    }

    /// <returns>The first address that another program listens on; null where there is none.</returns>
    public static string? Taken(ServeOptions options)
    {
        foreach (var url in $"{options.Urls};{options.AdminUrls}".Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = BindingAddress.Parse(url);
            var host = address.Host.Trim('[', ']');
            var ip = host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var literal) ? literal : IPAddress.Any;
            using var probe = new TcpListener(ip, address.Port);
            try
            {
                probe.Start();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                return url;
            }
        }
        return null;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
