using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>Visibility and memory of the fill and its results.</summary>
public sealed class FillPageTests(BrowserFixture browser) : PageTest(browser)
{
    protected override async Task Begin()
    {
        await Page.AddInitScriptAsync("""
            window.held = { urls: 0, bitmaps: 0 };
            const [make, revoke, decode, close] =
                [URL.createObjectURL, URL.revokeObjectURL, window.createImageBitmap, ImageBitmap.prototype.close];
            const open = new Set();
            URL.createObjectURL = (blob) => { const url = make.call(URL, blob); open.add(url); held.urls = open.size; return url; };
            URL.revokeObjectURL = (url) => { revoke.call(URL, url); open.delete(url); held.urls = open.size; };
            window.createImageBitmap = async (...given) => { const bitmap = await decode(...given); held.bitmaps++; return bitmap; };
            ImageBitmap.prototype.close = function () { if (this.width > 0) { held.bitmaps--; } close.call(this); };
            """);
        await base.Begin();
    }

    [Theory, InlineData(1366, 768), InlineData(1280, 900), InlineData(1000, 700), InlineData(360, 740)]
    public async Task The_fill_button_and_then_the_result_are_visible(int width, int height)
    {
        await Page.SetViewportSizeAsync(width, height);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await AssertVisible("#fill", width > 800 ? ".status-bar" : null, height);
        await Page.Locator("#fill").ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync("Done in");
        await Page.EvaluateAsync("new Promise((resolve) => setTimeout(resolve, 200))");
        await AssertVisible("[data-testid=completed]", ".status-bar", height);
        await AssertVisible("[data-testid=result-graph]", ".status-bar", height);
        await AssertVisible("#fill", width > 800 ? ".status-bar" : null, height);
    }

    [Fact]
    public async Task All_parts_are_visible_together_on_a_laptop()
    {
        await Page.SetViewportSizeAsync(1366, 768);
        await Fill("red");
        foreach (string part in (string[])["#gallery", "#tools", "#graph-picker input >> nth=0", "[data-testid=completed]", "#fill"])
        {
            await AssertVisible(part, ".status-bar", 768);
        }
    }

    [Fact]
    public async Task Photos_and_results_that_are_no_longer_shown_are_freed()
    {
        for (int i = 0; i < 4; i++)
        {
            await Upload(Photos.Png(i), $"photo-{i}.png");
            await Fill("red", "green");
        }

        await Assertions.Expect(Page.GetByTestId("history-item")).ToHaveCountAsync(8);
        await WaitUntil(
            "[...document.querySelectorAll('#history img')].every((image) => image.naturalWidth > 0)", "the history shows its images");
        // The photo in the editor, and two images for each of two results.
        await WaitUntil("held.bitmaps <= 1 && held.urls <= 4", "resources are freed");
        Assert.Equal(1, await Page.Locator("#view-try canvas").CountAsync());

        // A click in the history shows all results of its run.
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
        await WaitUntil("held.bitmaps <= 1 && held.urls <= 4", "resources are freed after judging");
        Assert.Empty(Errors);
    }

    private Task WaitUntil(string condition, string what) => Service.WaitUntil(() => Page.EvaluateAsync<bool>(condition), what);

    private async Task AssertVisible(string part, string? above, int height)
    {
        LocatorBoundingBoxResult box = (await Page.Locator(part).First.BoundingBoxAsync())!;
        float end = above is null ? height : (await Page.Locator(above).BoundingBoxAsync())!.Y;
        Assert.True(box.Y >= 0 && box.Y + box.Height <= end + 1, $"{part} spans {box.Y} to {box.Y + box.Height}; visible is 0 to {end}.");
    }
}
