using System.CommandLine;
using Tidings.Embedded;
using Tidings.Server.Commands;
using Tidings.Server.Hosting;
using Xunit;

namespace Tidings.Server.Tests.Hosting;

public sealed class SettingsTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public void Nothing_said_gives_the_defaults()
    {
        var (options, errors) = Read("", NoVariables);
        Assert.Empty(errors);
        Assert.Equal(new ServeOptions(), options);
        options.Embedded().Validate();
    }

    [Fact]
    public void An_option_and_its_variable_mean_the_same_and_the_option_wins()
    {
        var variables = new Dictionary<string, string> { ["TIDINGS_HOT_POSTS"] = "2000", ["TIDINGS_DURABILITY"] = "interval", ["TIDINGS_DEMO"] = "true" };
        var (options, errors) = Read("--hot-posts 3000 --data /tmp/x --insecure-public", variables);
        Assert.Empty(errors);
        Assert.Equal((3000, Durability.Interval, true, true, "/tmp/x"),
            (options.HotPosts, options.Durability, options.Demo, options.InsecurePublic, options.DataFolder));
    }

    [Theory]
    [InlineData("--hot-posts 3", "--hot-posts", "1,024 to 268,435,456")]
    [InlineData("--hot-posts many", "--hot-posts", "default 4,194,304")]
    [InlineData("--durability never", "--durability", "always, interval")]
    [InlineData("--demo maybe", "--demo", "maybe")]
    public void A_value_that_can_not_be_is_shown_with_what_can_be(string line, string name, string rule)
    {
        var error = Assert.Single(Read(line, NoVariables).Errors);
        Assert.StartsWith(name, error);
        Assert.Contains(rule, error);
    }

    [Fact]
    public void A_variable_that_is_no_setting_is_refused_and_a_bad_one_named()
    {
        var (_, errors) = Read("", new() { ["TIDINGS_DATE"] = "x", ["TIDINGS_FREE_MIB"] = "-1", ["OTHER"] = "y" });
        Assert.Equal(2, errors.Count);
        Assert.StartsWith("TIDINGS_DATE is no setting", errors[0]);
        Assert.Contains("TIDINGS_DATA", errors[0]);
        Assert.StartsWith("TIDINGS_FREE_MIB is '-1'", errors[1]);
    }

    [Fact]
    public void Every_member_of_the_options_has_a_setting_that_changes_it()
    {
        var members = typeof(ServeOptions).GetProperties().Length;
        Assert.Equal(members, ServeSettings.All.Count);
        var changed = ServeSettings.All.Select(s => s.Option.Name switch
        {
            "--urls" or "--admin-urls" => $"{s.Option.Name} http://127.0.0.1:1",
            "--ranking" => $"{s.Option.Name} seed",
            "--model-server" => $"{s.Option.Name} oip+grpc://127.0.0.1:8001/ranker",
            "--durability" => $"{s.Option.Name} interval",
            "--data" or "--certificate" or "--certificate-key" or "--trusted-proxies" or "--oidc-issuer" or "--oidc-audience" => $"{s.Option.Name} somewhere",
            "--demo" or "--insecure-public" or "--accept-damaged-log" or "--no-rate-limits" or "--oidc-provision" => s.Option.Name,
            "--password-hashes" or "--drain-seconds" or "--live-connections-per-person" or "--oidc-skew-seconds" or "--erase-hours" => $"{s.Option.Name} 123",
            _ => $"{s.Option.Name} 1234",
        });
        var (options, errors) = Read(string.Join(' ', changed), NoVariables);
        Assert.Empty(errors);
        var defaults = new ServeOptions();
        foreach (var member in typeof(ServeOptions).GetProperties())
            Assert.NotEqual(member.GetValue(defaults), member.GetValue(options));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://localhost:0;http://[::1]:8080")]
    [InlineData("http://127.8.9.1:80")]
    public void Loopback_is_always_allowed(string urls) => Assert.Empty(Check(new ServeOptions { Urls = urls, Demo = true }));

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:8080")]
    [InlineData("http://192.168.1.7:8080")]
    [InlineData("http://example.org:8080")]
    [InlineData("http://127.0.0.1:8080;http://[::]:8080")]
    public void A_public_address_without_TLS_is_refused_unless_told_so(string urls)
    {
        Assert.Contains("--insecure-public", Assert.Single(Check(new ServeOptions { Urls = urls })));
        Assert.Empty(Check(new ServeOptions { Urls = urls, InsecurePublic = true }));
    }

    [Fact]
    public void A_public_address_with_TLS_needs_a_certificate_and_no_leave()
    {
        Assert.Contains("--certificate", Assert.Single(Check(new ServeOptions { Urls = "https://*:8443" })));
        Assert.Empty(Check(new ServeOptions { Urls = "https://*:8443", Certificate = "c.pem", CertificateKey = "k.pem" }));
    }

    [Fact]
    public void A_demo_is_never_public_and_an_address_looks_like_one()
    {
        Assert.Contains("--demo", Assert.Single(Check(new ServeOptions { Urls = "http://*:8080", InsecurePublic = true, Demo = true })));
        Assert.Contains("no address", Assert.Single(Check(new ServeOptions { Urls = "8080" })));
    }

    private static List<string> Check(ServeOptions options)
    {
        var errors = new List<string>();
        ListenAddresses.Check(options, errors);
        return errors;
    }

    private static (ServeOptions Options, List<string> Errors) Read(string line, Dictionary<string, string> variables)
    {
        var errors = new List<string>();
        var parsed = ServeCommand.Create().Parse(line);
        Assert.Empty(parsed.Errors);
        return (ServeSettings.Read(parsed, variables, errors), errors);
    }
}
