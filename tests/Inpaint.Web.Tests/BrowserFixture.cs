using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>A browser shared by tests; null if none is installed.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string?[] Candidates =
        [Environment.GetEnvironmentVariable("INPAINT_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/google-chrome"];

    private static readonly string? Chromium = Array.Find(Candidates, File.Exists);

    private IPlaywright? _playwright;

    internal IBrowser? Browser { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Chromium is not null)
        {
            _playwright = await Playwright.CreateAsync();
            Browser = await _playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
