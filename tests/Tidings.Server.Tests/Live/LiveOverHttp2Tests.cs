using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tidings.Server.Tests.Simulation;
using Xunit;

namespace Tidings.Server.Tests.Live;

public sealed class LiveOverHttp2Tests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_secure_socket_opens_over_either_version_of_http(string version)
    {
        using var files = new DataFolder();
        Directory.CreateDirectory(files.Path);
        var (certificate, key) = (Path.Combine(files.Path, "certificate.pem"), Path.Combine(files.Path, "key.pem"));
        using (var rsa = RSA.Create(2_048))
        {
            var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
            await File.WriteAllTextAsync(certificate, made.ExportCertificatePem(), Ct);
            await File.WriteAllTextAsync(key, rsa.ExportPkcs8PrivateKeyPem(), Ct);
        }
        await using var server = new RunningServer(
            TimeProvider.System, o => o with { Urls = "https://127.0.0.1:0", Certificate = certificate, CertificateKey = key });
        await server.InitializeAsync();
        var reader = await server.JoinAsync("reader");

        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var ticket = (await reader.Client.MakeLiveTicketAsync(Ct)).Ticket;
        var address = new UriBuilder(new Uri(server.Http.BaseAddress!, $"/v1/live?ticket={ticket}")) { Scheme = "wss" }.Uri;
        await socket.ConnectAsync(address, server.Http, Ct);
        var buffer = new byte[1_024];
        var hello = await socket.ReceiveAsync(buffer.AsMemory(), Ct);
        Assert.StartsWith("{\"seq\":", Encoding.UTF8.GetString(buffer, 0, hello.Count));
    }
}
