using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Tidings.Server.Hosting;

namespace Tidings.Server.Security;

/// <summary>
/// Proxies whose word is taken for where a request comes from. Without any the address is that of the connection, whatever a header says. The
/// list of addresses is read from its end for as long as the one who wrote the entry is trusted.
/// </summary>
internal static class TrustedProxies
{
    /// <returns>Null where an entry is neither an address nor a network.</returns>
    private static List<System.Net.IPNetwork>? Parse(string text)
    {
        var networks = new List<System.Net.IPNetwork>();
        foreach (var entry in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(entry, out var address))
                networks.Add(new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8));
            else if (System.Net.IPNetwork.TryParse(entry, out var network))
                networks.Add(network);
            else
                return null;
        }
        return networks;
    }

    /// <summary>Adds to the errors what stands against the setting.</summary>
    public static void Check(ServeOptions options, ICollection<string> errors)
    {
        if (Parse(options.TrustedProxies) is null)
            errors.Add($"--trusted-proxies is '{options.TrustedProxies}': addresses or networks, as 10.0.0.7 or 10.0.0.0/24, ; between them.");
    }

    /// <summary>First of all: what comes after sees the address of the client.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app, ServeOptions options)
    {
        if (options.TrustedProxies.Length == 0)
            return;
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var network in Parse(options.TrustedProxies)!)
            forwarded.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(forwarded);
    }
}
