using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>The main action and its results: in sight, and of little memory.</summary>
public sealed class FillPageTests(BrowserFixture browser) : PageTest(browser)
{
    protected override async Task Begin()
    {
        await Page.AddInitScriptAsync("""
            window.held = { addresses: 0, bitmaps: 0 };
            const [make, revoke, decode, close] = [URL.createObjectURL, URL.revokeObjectURL, window.createImageBitmap, ImageBitmap.prototype.close];
            const open = new Set();
            URL.createObjectURL = (blob) => { const address = make.call(URL, blob); open.add(address); held.addresses = open.size; return address; };
            URL.revokeObjectURL = (address) => { revoke.call(URL, address); open.delete(address); held.addresses = open.size; };
            window.createImageBitmap = async (...given) => { const bitmap = await decode(...given); held.bitmaps++; return bitmap; };
            ImageBitmap.prototype.close = function () { if (this.width > 0) { held.bitmaps--; } close.call(this); };
            """);
        await base.Begin();
    }

    [Theory, InlineData(1366, 768), InlineData(1280, 900), InlineData(1000, 700), InlineData(360, 740)]
    public async Task Fill_is_in_sight_before_and_the_result_after_it(int width, int height)
    {
        await Page.SetViewportSizeAsync(width, height);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await AssertSeen("#fill", width > 800 ? ".status-bar" : null, height);
        await Page.Locator("#fill").ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync("Done in");
        await Page.EvaluateAsync("new Promise((resolve) => setTimeout(resolve, 200))");
        await AssertSeen("[data-testid=completed]", ".status-bar", height);
        await AssertSeen("[data-testid=result-graph]", ".status-bar", height);
        await AssertSeen("#fill", width > 800 ? ".status-bar" : null, height);
    }

    [Fact]
    public async Task Photo_hole_graphs_fill_and_result_are_seen_together_on_a_laptop()
    {
        await Page.SetViewportSizeAsync(1366, 768);
        await Fill("red");
        foreach (string part in (string[])["#gallery", "#tools", "#graph-picker input >> nth=0", "[data-testid=completed]", "#fill"])
        {
            await AssertSeen(part, ".status-bar", 768);
        }
    }

    [Fact]
    public async Task Photos_and_results_that_are_not_shown_any_more_are_let_go_of()
    {
        for (int i = 0; i < 4; i++)
        {
            await Upload(Photos.Png(i), $"photo-{i}.png");
            await Fill("red", "green");
        }

        await Assertions.Expect(Page.GetByTestId("history-item")).ToHaveCountAsync(8);
        await Until("[...document.querySelectorAll('#history img')].every((image) => image.naturalWidth > 0)", "the history has pictures");
        // The photo in the editor; and of two results the completed photo and the original.
        await Until("held.bitmaps <= 1 && held.addresses <= 4", "little is held");
        Assert.Equal(1, await Page.Locator("#view-try canvas").CountAsync());

        // A run of the history is shown whole.
        await Page.GetByTestId("history-item").Last.ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync("is shown again");
        await Assertions.Expect(Page.GetByTestId("result")).ToHaveCountAsync(2);
        Assert.Equal(RunningService.Red, Pixel(await Completed("red"), 32, 32));
        await Page.Locator("#tab-judge").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-left")).ToBeEnabledAsync();
        for (int i = 0; i < 3; i++)
        {
            await Page.Locator("#judge-graphs input[value=words]").SetCheckedAsync(i % 2 == 1);
        }

        await Assertions.Expect(Page.Locator("#judge-left")).ToBeEnabledAsync();
        await Until("held.bitmaps <= 1 && held.addresses <= 4", "little is held after judging");
        Assert.Empty(Errors);
    }

    private Task Until(string condition, string what) => Service.Until(() => Page.EvaluateAsync<bool>(condition), what);

    private async Task AssertSeen(string part, string? above, int height)
    {
        LocatorBoundingBoxResult box = (await Page.Locator(part).First.BoundingBoxAsync())!;
        float end = above is null ? height : (await Page.Locator(above).BoundingBoxAsync())!.Y;
        Assert.True(box.Y >= 0 && box.Y + box.Height <= end + 1, $"{part} is at {box.Y} to {box.Y + box.Height}; seen is 0 to {end}.");
    }
}
