using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Tidings.Client.Wire;
using Tidings.Embedded;
using Xunit;

namespace Tidings.Server.Tests.Security;

/// <summary>
/// API7: the server asks nobody for what people send it. It has no link previews, no webhooks, no pictures by address; the one thing that it
/// fetches is the key set of the issuer that the operator named.
/// </summary>
public sealed class OutgoingTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] Forms =
    [
        "http://{0}/", "http://{0}/a.png", "https://{0}/", "//{0}/", "http://user@{0}/", "http://localhost:{1}/", "http://[::1]:{1}/", "http://0:{1}/",
        "http://127.1:{1}/", "http://2130706433:{1}/", "http://0x7f000001:{1}/", "http://0177.0.0.1:{1}/", "http://[::ffff:127.0.0.1]:{1}/",
        "http://127.0.0.1.nip.io:{1}/", "http://{0}#@example.org/", "http://example.org@{0}/", "ftp://{0}/", "gopher://{0}/_x", "dict://{0}/x", "file:///etc/passwd",
        "ldap://{0}/x", "jar:http://{0}!/", "http://169.254.169.254/latest/meta-data/", "http://{0}/?redirect=http://{0}/", "HTTP://{0}/", " http://{0}/",
        "http:\\\\{0}\\", "http:/{0}/", "http://①②⑦.0.0.1:{1}/", "ws://{0}/", "data:text/html,<img src=http://{0}/>", "<img src=\"http://{0}/\">",
        "[link](http://{0}/)", "![](http://{0}/)", "<a href='http://{0}/'>x</a>", "${{jndi:ldap://{0}/x}}", "@{0}", "http://{0}%2f%2e%2e/", "http://{0}\t/", "unix:/tmp/x",
    ];

    [Fact]
    public async Task Nothing_that_people_send_makes_the_server_ask_anywhere()
    {
        using var trap = new TcpListener(IPAddress.Loopback, 0);
        trap.Start();
        var port = ((IPEndPoint)trap.LocalEndpoint).Port;
        var person = await server.JoinAsync("person");
        foreach (var form in Forms)
        {
            var url = string.Format(form, $"127.0.0.1:{port}", port);
            var json = JsonSerializer.Serialize(url);
            Assert.Equal(201, await person.Client.StatusAsync("POST", "/v1/posts", $$"""{"text":{{json}},"type":"link"}"""));
            Assert.Equal(201, await person.Client.StatusAsync("POST", "/v1/posts", $$"""{"text":"x","type":"image","media_ids":[{{json}}]}"""));
            Assert.Equal(200, await person.Client.StatusAsync("PATCH", "/v1/me", $$"""{"bio":{{json}},"name":{{json}}}"""));
            (string, string)[] headers = url.Any(c => c > 126 || c < 32) ? [] : [("Referer", url.Trim()), ("X-Forwarded-Host", url.Trim()), ("traceparent", url.Trim())];
            await person.Client.StatusAsync("GET", "/v1/feed", null, headers);
        }
        Assert.Equal(40, Forms.Length);
        Assert.False(trap.Pending());
    }

    /// <summary>Who could: types of ours that hold something which opens connections.</summary>
    [Fact]
    public void Only_these_can_ask_anywhere()
    {
        string[] may =
        [
            "Tidings.Server.Security.OutsideIssuer", // the issuer that the operator named
            "Tidings.Server.Simulation.", "Tidings.Server.Commands.", // commands of the operator that drive a server
        ];
        var able = new[] { typeof(TidingsServer).Assembly, typeof(EmbeddedProfile).Assembly, typeof(Tidings.Posts.SeePosts).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => Mentions(type).Any(IsOutgoing))
            .Select(type => type.FullName!.Split('+')[0]).ToHashSet();
        Assert.Contains("Tidings.Server.Security.OutsideIssuer", able);
        Assert.DoesNotContain(able, name => !may.Any(name.StartsWith));
    }

    private static IEnumerable<Type> Mentions(Type type)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var methods = type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)).ToArray();
        return type.GetFields(all).Select(f => f.FieldType)
            .Concat(methods.SelectMany(m => m.GetParameters()).Select(p => p.ParameterType))
            .Concat(methods.SelectMany(m => m.GetMethodBody()?.LocalVariables ?? []).Select(v => v.LocalType))
            .Concat(methods.SelectMany(Made));
    }

    /// <summary>The types that a method makes: the tokens behind its newobj instructions (0x73).</summary>
    private static IEnumerable<Type> Made(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] != 0x73 || BitConverter.ToInt32(code, i + 1) is var token && token >> 24 is not (0x06 or 0x0A))
                continue;
            if (Resolve(method, token) is { DeclaringType: { } made })
                yield return made;
        }
    }

    private static MethodBase? Resolve(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMethod(
                token, method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or MissingMemberException)
        {
            return null; // The byte was no instruction.
        }
    }

    private static bool IsOutgoing(Type type) =>
        typeof(HttpMessageInvoker).IsAssignableFrom(type) || typeof(HttpMessageHandler).IsAssignableFrom(type) || type == typeof(TcpClient)
        || type == typeof(UdpClient) || type == typeof(Socket) || type == typeof(WebRequest);
}
