using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>One browser for all tests of the page, which therefore run sequentially.</summary>
[CollectionDefinition("Browser")]
public sealed class OneBrowser : ICollectionFixture<BrowserFixture>;

/// <summary>A service and its page in a real browser. Skipped without a browser: tests/browser.sh installs Debian's Chromium.</summary>
[Trait("Category", "Browser"), Collection("Browser")]
public abstract class PageTest(BrowserFixture browser) : IAsyncLifetime
{
    private RunningService? _service;
    private IPage? _opened;

    protected IPage Page => _opened!;

    /// <summary>Errors on the console of the page, and uncaught exceptions.</summary>
    protected List<string> Errors { get; } = [];

    private protected RunningService Service => _service!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(browser.Browser is null, "There is no Chromium: run tests/browser.sh, or set INPAINT_CHROMIUM.");
        Assertions.SetDefaultExpectTimeout(30_000); // a busy build server takes its time
        _service = await RunningService.StartAsync(Options);
        _opened = await browser.Browser!.NewPageAsync();
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                Errors.Add(message.Text);
            }
        };
        Page.PageError += (_, error) => Errors.Add(error);
        await Begin();
    }

    public async ValueTask DisposeAsync()
    {
        if (_opened is not null)
        {
            string shots = Path.Combine(AppContext.BaseDirectory, "screenshots");
            Directory.CreateDirectory(shots);
            string file = Path.Combine(shots, $"{TestContext.Current.TestMethod?.MethodName ?? "page"}.png");
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true });
            await Page.CloseAsync();
        }

        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The options of the service.</summary>
    private protected virtual ServiceOptions Options(ServiceOptions options) => options with { Graph = "red" };

    /// <summary>Opens the page and waits until it is loaded.</summary>
    protected virtual async Task Begin()
    {
        await Page.GotoAsync(Service.Url);
        await Assertions.Expect(Page.Locator("#graph-picker input[value=red]")).ToBeCheckedAsync();
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
    }

    protected ILocator Status => Page.GetByTestId("status");

    protected ILocator TryAgain => Page.GetByTestId("try-again");

    /// <summary>Makes a route return an error.</summary>
    protected Task Break(string route, string message, int status = 503) => Page.RouteAsync(route, each => each.FulfillAsync(new()
    {
        Status = status,
        ContentType = "application/problem+json",
        Body = $$"""{"detail": "{{message}}", "code": "broken"}""",
    }));

    protected async Task Upload(byte[] file, string name = "photo.png")
    {
        string type = name.EndsWith(".png", StringComparison.Ordinal) ? "image/png" : "text/plain";
        await Page.Locator("#photo-input").SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = file });
        await Assertions.Expect(Status).ToContainTextAsync(name);
    }

    protected async Task Tick(params string[] graphs)
    {
        foreach (ILocator box in await Page.Locator("#graph-picker input[type=checkbox]").AllAsync())
        {
            string? name = await box.GetAttributeAsync("value");
            await box.SetCheckedAsync(Array.IndexOf(graphs, name) >= 0);
        }
    }

    protected async Task Fill(params string[] graphs)
    {
        await Tick(graphs);
        await Status.EvaluateAsync("status => status.textContent = ''"); // the words of an earlier fill are not this one's
        await Page.Locator("#fill").ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync(
            graphs.Length == 1 ? "Done in" : "graphs are done", new LocatorAssertionsToContainTextOptions { Timeout = 30_000 });
    }

    protected ILocator Result(string graph) => Page.Locator($"[data-testid=result][data-graph={graph}]").First;

    /// <summary>The downloaded file of a result.</summary>
    private protected async Task<Photo> Completed(string graph)
    {
        IDownload download = await Page.RunAndWaitForDownloadAsync(() => Result(graph).GetByTestId("download").ClickAsync());
        return PhotoCodec.Decode(await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    private protected static (byte R, byte G, byte B) Pixel(Photo photo, int x, int y)
    {
        int at = 4 * ((y * photo.Width) + x);
        return (photo.Pixels[at], photo.Pixels[at + 1], photo.Pixels[at + 2]);
    }
}
