using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Tidings.Server.Tests.Browser;

/// <summary>Someone at a browser of their own, and what they see. Whatever the page complains of in the console fails the test.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Generous: the tests share their machine. None of them measures time.</summary>
    private const float PatienceMs = 90_000;

    public const int PhoneWidth = 390, DeskWidth = 1280;

    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext _context;
    private readonly int _width;
    private readonly List<string> _complaints = [];
    private readonly TaskCompletionSource _watching = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Visitor(IBrowserContext context, IPage page, int width)
    {
        _context = context;
        _width = width;
        Page = page;
    }

    public IPage Page { get; }

    public ILocator Posts => Page.Locator("post-card");

    /// <summary>The operator, at the console, with the key in their tab.</summary>
    public static async Task<Visitor> ComeToConsoleAsync(
        Chromium chromium, RunningServer server, int width = DeskWidth, ColorScheme scheme = ColorScheme.Light)
    {
        var visitor = await ComeAsync(chromium, server, null, width, scheme);
        await visitor.Page.AddInitScriptAsync(
            $"sessionStorage.getItem('came') ?? (sessionStorage.setItem('came', 1), sessionStorage.setItem('tidings.admin-key', '{server.Server.NewAdminKey}'))");
        return visitor;
    }

    /// <param name="someone">Who is signed in; null for nobody.</param>
    public static async Task<Visitor> ComeAsync(
        Chromium chromium, RunningServer server, Someone? someone, int width = DeskWidth, ColorScheme scheme = ColorScheme.Light)
    {
        var browser = await chromium.StartedAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.Server.Addresses.First(),
            ViewportSize = new ViewportSize { Width = width, Height = 860 },
            HasTouch = width == PhoneWidth,
            IsMobile = width == PhoneWidth,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
        });
        context.SetDefaultTimeout(PatienceMs);
        SetDefaultExpectTimeout(PatienceMs);
        await context.AddInitScriptAsync(AxeScript);
        if (someone is not null)
            await context.AddInitScriptAsync($"localStorage.getItem('came') ?? (localStorage.setItem('came', 1), localStorage.setItem('tidings.session', {SessionOf(someone)}))");
        var page = await context.NewPageAsync();
        var visitor = new Visitor(context, page, width);
        page.PageError += (_, error) => visitor._complaints.Add(error);
        page.Console += (_, message) => visitor.Hear(message);
        return visitor;
    }

    /// <summary>Makes the page somebody's from its next loading on, as a sign-in would.</summary>
    public Task SignInAsync(Someone someone) => Page.EvaluateAsync($"() => localStorage.setItem('tidings.session', {SessionOf(someone)})");

    public async Task GoAsync(string path) => await Page.GotoAsync(path);

    public ILocator Button(string name, bool exact = false) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    /// <summary>A post by its text.</summary>
    public ILocator Post(string text) => Posts.Filter(new() { HasText = text });

    /// <summary>Ends when the page has a live connection and was greeted on it. Call it before the page is opened.</summary>
    public async Task ListensAsync()
    {
        Page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) =>
        {
            if (frame.Text?.Contains("\"watch\":[\"", StringComparison.Ordinal) == true)
                _watching.TrySetResult();
        };
        await HearsAsync("\"hello\"");
    }

    /// <summary>Ends when the page has named the posts on its screen: their counters come from then on.</summary>
    public Task WatchesAsync() => _watching.Task.WaitAsync(TimeSpan.FromMilliseconds(PatienceMs));

    /// <summary>Ends when the live connection has told so. Call it before the page is opened.</summary>
    public Task HearsAsync(string what)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Text?.Contains(what, StringComparison.Ordinal) == true)
                heard.TrySetResult();
        };
        return heard.Task.WaitAsync(TimeSpan.FromMilliseconds(PatienceMs));
    }

    /// <summary>Nothing lies over any part of what is on the screen there, and all of it is on the screen.</summary>
    public async Task IsClearAsync(ILocator place) => Assert.Equal("", await place.EvaluateAsync<string>(
        """
        element => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          const over = [[left, top], [right, top], [left, bottom], [right, bottom]].map(([x, y]) =>
            document.elementFromPoint(x === left ? x + 1 : x - 1, y === top ? y + 1 : y - 1)).filter(found => !found || !(element.contains(found) || found.contains(element)));
          return over.map(found => found ? found.outerHTML.slice(0, 80) : `beyond the screen: ${top} to ${bottom}`).join();
        }
        """));

    public Task SeesAsync(string text) => Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>Keeps a picture of the page in <c>artifacts/screens</c>.</summary>
    public async Task PictureAsync(string name) =>
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Tree.Root, "artifacts", "screens", $"{name}.png") });

    /// <summary>Nothing on the page or in a dialog is wider than the screen. A phone zooms out for a page that is, so it is held against the
    /// screen's own width.</summary>
    public async Task FitsAsync()
    {
        Assert.InRange(await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 0, _width);
        Assert.Equal(0, await Page.EvaluateAsync<int>("() => [...document.querySelectorAll('.dialog-body')].filter(b => b.scrollWidth > b.clientWidth).length"));
    }

    /// <summary>Holds the page against the rules of axe, all that it has, and against its own width.</summary>
    public async Task IsAccessibleAsync()
    {
        var violations = await Page.EvaluateAsync<string[]>(
            "async () => (await axe.run()).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${v.help}\\n  ${n.html}\\n  ${n.failureSummary}`))");
        Assert.True(violations.Length == 0, $"{Page.Url}\n{string.Join('\n', violations)}");
        await FitsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_complaints);
    }

    /// <summary>Answers of 4xx and requests that a test cuts off are the tests' own doing; a breach of the policy or a failed script is not.</summary>
    private void Hear(IConsoleMessage message)
    {
        if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            _complaints.Add(message.Text);
    }

    private static string SessionOf(Someone someone)
    {
        var session = new { token = someone.Token, personId = someone.Id, expiresAt = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O") };
        return JsonSerializer.Serialize(JsonSerializer.Serialize(session));
    }
}
