using Microsoft.Playwright;
using Tidings.Server.Tests.Browser;
using Tidings.Server.Tests.Faults;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Tidings.Server.Tests.Browser;

/// <summary>One headless browser for all tests, started by the first that needs it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    /// <summary>Nothing of the browser's own goes out to the network.</summary>
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private readonly SemaphoreSlim _turn = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The browser; skips the test where there is none, except in continuous integration.</summary>
    public async Task<IBrowser> StartedAsync()
    {
        if (!File.Exists(Program))
        {
            const string Reason = $"{Program} is missing. On Debian: apt-get install chromium";
            Assert.SkipUnless(Settings.IsCi, Reason);
            Assert.Fail(Reason);
        }
        await _turn.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Flags });
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _turn.Dispose();
    }
}
