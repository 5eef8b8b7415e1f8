using System.Net;
using System.Text.RegularExpressions;
using Tidings.Server.Simulation;
using Tidings.Server.Tests.Browser;
using Tidings.Server.Web;
using Xunit;

namespace Tidings.Server.Tests.Web;

public sealed partial class WebAppTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string Folder = Path.Combine(Tree.Root, "src", "Tidings.Server", "wwwroot");

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Every_address_of_the_app_is_the_page(string path)
    {
        using var answer = await server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Contains($"/assets/{server.Get<WebFiles>().Version}/js/main.js", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(ConsoleAddresses))]
    public async Task Every_address_of_the_console_is_the_operators_page(string path)
    {
        using var answer = await server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains($"/assets/{server.Get<WebFiles>().Version}/js/console/main.js", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/whatever", "text/html,application/xhtml+xml,*/*;q=0.8", "js/main.js")]
    [InlineData("/whatever/else", "text/html", "js/main.js")]
    [InlineData("/whatever", "application/json", "\"route_not_found\"")]
    [InlineData("/whatever", "*/*", "\"route_not_found\"")]
    public async Task Where_there_is_nothing_a_browser_gets_the_page_that_says_so_and_others_a_problem(string path, string accept, string told)
    {
        var isPage = told == "js/main.js";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        using var page = await server.Http.GetAsync("/");
        request.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(isPage ? "text/html" : "application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(told, await answer.Content.ReadAsStringAsync());
        Assert.Equal(isPage, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")).Contains("script-src 'self'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_api_answers_a_browser_as_it_answers_anybody()
    {
        var someone = await server.JoinAsync("browsing");
        Assert.Equal("route_not_found", (await someone.Client.SendAsync("GET", "/v1/whatever", null, ("Accept", "text/html")).ProblemAsync(HttpStatusCode.NotFound)).Code);
        Assert.Equal("credentials_needed", (await server.Anonymous.SendAsync("GET", "/v1/whatever", null, ("Accept", "text/html")).ProblemAsync(HttpStatusCode.Unauthorized)).Code);
    }

    [Fact]
    public async Task What_is_sent_to_where_there_is_nothing_gets_a_problem_also_from_a_browser() =>
        Assert.Equal("route_not_found", (await server.Anonymous.SendAsync("POST", "/whatever/else/again", "{}", ("Accept", "text/html")).ProblemAsync(HttpStatusCode.NotFound)).Code);

    public static TheoryData<string> ConsoleAddresses => [.. WebApp.ConsolePages.Select(p => Parameter().Replace(p, "7"))];

    public static TheoryData<string> Addresses => [.. WebApp.Pages.Select(p => Parameter().Replace(p, "7"))];

    [Theory]
    [InlineData("/")]
    [InlineData("/console")]
    public async Task The_page_allows_nothing_but_its_own_files(string path)
    {
        using var answer = await server.Http.GetAsync(path);
        var headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers)
            .Where(h => h.Key is not ("Date" or "ETag" or "Content-Length"))
            .Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order(StringComparer.Ordinal));
        Assert.Equal(
            """
            Cache-Control: no-cache
            Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
            Content-Type: text/html; charset=utf-8
            Cross-Origin-Opener-Policy: same-origin
            Permissions-Policy: camera=(), geolocation=(), microphone=()
            Referrer-Policy: no-referrer
            Vary: Accept-Encoding
            X-Content-Type-Options: nosniff
            """, headers);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<!-- modules -->", page);
        Assert.DoesNotMatch(@"<style|style=|\son\w+=|<script(?![^>]*src=)|https?://", page);
    }

    [Fact]
    public async Task Files_are_kept_for_good_under_their_version_and_the_page_is_asked_for_anew()
    {
        var version = server.Get<WebFiles>().Version;
        using var file = await server.Http.GetAsync($"/assets/{version}/js/main.js");
        Assert.Equal("text/javascript", file.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=31536000, immutable", Assert.Single(file.Headers.NonValidated["Cache-Control"]));
        using var old = await server.Http.GetAsync("/assets/000000000000/js/main.js");
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
        using var none = await server.Http.GetAsync($"/assets/{version}/js/../../appsettings.json");
        Assert.NotEqual(HttpStatusCode.OK, none.StatusCode);

        using var page = await server.Http.GetAsync("/");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var same = await server.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Empty(await same.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_page_asks_for_the_modules_that_it_comes_to_need_and_no_others()
    {
        var (app, console) = (await ModulesAsync("/"), await ModulesAsync("/console"));
        Assert.DoesNotContain(app, path => path.StartsWith("js/console/", StringComparison.Ordinal));
        Assert.Contains("js/parts/post-card.js", app);
        Assert.Contains("js/drawing/plot.js", console);
        Assert.DoesNotContain("js/parts/post-card.js", console);
        var modules = server.Get<WebFiles>().Paths.Where(p => p.EndsWith(".js", StringComparison.Ordinal) && p != "js/first-paint.js");
        Assert.Equal(modules.Order(), app.Union(console).Order());
    }

    private async Task<string[]> ModulesAsync(string path) =>
        [.. Preload().Matches(await server.Http.GetStringAsync(path)).Select(m => m.Groups[1].Value)];

    [Fact]
    public async Task A_visit_uses_up_nobodys_limit()
    {
        await using var strict = new RunningServer(TimeProvider.System, o => o with { NoRateLimits = false, AnonymousPerMinute = 1 });
        await strict.InitializeAsync();
        foreach (var path in strict.Get<WebFiles>().Paths)
            Assert.Equal(200, await strict.Anonymous.StatusAsync("GET", $"/assets/{strict.Get<WebFiles>().Version}/{path}"));
        Assert.Equal(200, await strict.Anonymous.StatusAsync("GET", "/"));
    }

    [Fact]
    public async Task A_browser_that_takes_brotli_gets_less()
    {
        var path = $"/assets/{server.Get<WebFiles>().Version}/css/post.css";
        var plain = await server.Http.GetByteArrayAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("br");
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(["br"], answer.Content.Headers.ContentEncoding);
        var packed = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(packed.Length < plain.Length / 2);
        await using var unpacked = new System.IO.Compression.BrotliStream(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        using var whole = new MemoryStream();
        await unpacked.CopyToAsync(whole);
        Assert.Equal(plain, whole.ToArray());
    }

    [Fact]
    public void The_files_are_those_of_the_folder_and_every_import_leads_to_one()
    {
        var files = server.Get<WebFiles>();
        var inFolder = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Where(f => f is not ("index.html" or "console.html"));
        Assert.Equal(inFolder.Order(), files.Paths.Order());
        foreach (var module in files.Paths.Where(p => p.EndsWith(".js", StringComparison.Ordinal)))
        {
            foreach (Match import in Import().Matches(File.ReadAllText(Path.Combine(Folder, module))))
            {
                var target = Path.GetRelativePath(Folder, Path.GetFullPath(Path.Combine(Folder, Path.GetDirectoryName(module)!, import.Groups[1].Value)));
                Assert.True(files.Paths.Contains(target), $"{module} imports {import.Groups[1].Value}, which isn't there");
            }
        }
        foreach (Match link in Asset().Matches(File.ReadAllText(Path.Combine(Folder, "index.html")) + File.ReadAllText(Path.Combine(Folder, "console.html"))))
            Assert.Contains(link.Groups[1].Value, files.Paths);
    }

    [Fact]
    public async Task Demo_people_are_offered_by_a_demo_only_and_only_on_its_own_machine()
    {
        Assert.NotEqual(200, await server.Anonymous.StatusAsync("GET", "/v1/demo"));

        await using var demo = new RunningServer(new ReplayClock(TimeProvider.System), o => o with { Demo = true });
        await demo.InitializeAsync();
        Assert.Equal(200, await demo.Anonymous.StatusAsync("GET", "/v1/demo"));
        Assert.Equal(201, await demo.Anonymous.StatusAsync("POST", "/v1/demo/sessions", """{"handle":"ada"}"""));
        Assert.Equal(404, await demo.Anonymous.StatusAsync("POST", "/v1/demo/sessions", """{"handle":"radia"}"""));
        Assert.Equal(404, await demo.Anonymous.StatusAsync("POST", "/v1/demo/sessions", """{"handle":"ada"}""", ("X-Forwarded-For", "10.0.0.1")));
        Assert.Equal(404, await demo.Anonymous.StatusAsync("POST", "/v1/demo/sessions", """{"handle":"ada"}""", ("Host", "rebound.example")));
        Assert.Equal(404, await demo.Anonymous.StatusAsync("GET", "/v1/demo", null, ("Host", "rebound.example")));
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"(?:from|import) '(\.[^']+)'")]
    private static partial Regex Import();

    [GeneratedRegex("modulepreload\" href=\"/assets/[0-9a-f]{12}/([^\"]+)")]
    private static partial Regex Preload();

    [GeneratedRegex("/assets/version/([^\"]+)")]
    private static partial Regex Asset();
}
