using Inpaint.TestSupport;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Inpaint.Evaluation.Judging;
using Inpaint.Scenes;
using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>The main workflows of the page, and its accessibility.</summary>
public sealed class PageTests(BrowserFixture browser) : PageTest(browser)
{
    [Fact]
    public async Task A_photo_is_filled_and_downloaded_with_its_known_pixels_unchanged()
    {
        await Upload(Photos.Png());
        await Fill("red");
        ILocator result = Result("red");
        await Assertions.Expect(result.GetByTestId("result-milliseconds")).ToBeVisibleAsync();
        await Assertions.Expect(result.GetByTestId("result-psnr")).ToBeVisibleAsync();
        IDownload download = await Page.RunAndWaitForDownloadAsync(() => result.GetByTestId("download").ClickAsync());
        Photo saved = PhotoCodec.Decode(await File.ReadAllBytesAsync(await download.PathAsync()));
        Photos.AssertFilled(Photos.Scene(), saved, Photos.InCenter, RunningService.Red);
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task Results_of_several_graphs_are_shown_side_by_side_and_in_the_history()
    {
        await Upload(Photos.Png());
        await Fill("red", "green", "pushpull");
        foreach (string graph in (string[])["red", "green", "pushpull"])
        {
            await Assertions.Expect(Result(graph)).ToBeVisibleAsync();
        }

        Assert.True(await Page.GetByTestId("history-item").CountAsync() > 0);
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task Exactly_the_painted_pixels_are_filled()
    {
        await Upload(Photos.Png());
        await Page.Locator("label[for=tool-brush]").ClickAsync();
        await Page.Locator("#editor-canvas").ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await Page.Locator("#editor-canvas").BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + (box.Width * 0.4f), box.Y + (box.Height * 0.5f));
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + (box.Width * 0.6f), box.Y + (box.Height * 0.5f), new MouseMoveOptions { Steps = 8 });
        await Page.Mouse.UpAsync();
        await Fill("red");
        Photo filled = await Completed("red"), photo = Photos.Scene();
        Assert.Equal(RunningService.Red, Pixel(filled, 32, 32));
        Assert.Equal(Pixel(photo, 2, 2), Pixel(filled, 2, 2));
        Assert.Equal(Pixel(photo, 32, 60), Pixel(filled, 32, 60));

        // Undo and redo restore the stroke, which is then inverted.
        await Page.Locator("#mask-undo").ClickAsync();
        await Page.Locator("#mask-redo").ClickAsync();
        await Page.Locator("#mask-invert").ClickAsync();
        await Fill("red");
        filled = await Completed("red");
        // The window is scaled, which sharpens its edges slightly.
        (byte r, byte g, byte b) = Pixel(filled, 2, 2);
        Assert.True(r > 240 && g < 16 && b is > 35 and < 67, $"Pixel 2,2 is {r}, {g}, {b}.");
        Assert.Equal(Pixel(photo, 32, 32), Pixel(filled, 32, 32));
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task Known_words_of_the_caption_are_shown_and_condition_the_fill()
    {
        await Upload(Photos.Png());
        await Tick("words");
        await Page.Locator("#caption").FillAsync("the sea and a zebra");
        await Assertions.Expect(Page.GetByTestId("known-word")).ToHaveTextAsync("sea");
        await Assertions.Expect(Page.GetByTestId("unknown-word")).ToHaveTextAsync("zebra");
        await Page.Locator("#caption").PressAsync("Control+Enter");
        await Assertions.Expect(Result("words")).ToBeVisibleAsync();
        Assert.Equal((0, 0, 255), Pixel(await Completed("words"), 32, 32));
    }

    [Fact]
    public async Task A_hole_is_moved_and_filled_by_keyboard()
    {
        await Upload(Photos.Png());
        await Page.Locator("#editor-canvas").FocusAsync();
        for (int i = 0; i < 5; i++)
        {
            await Page.Keyboard.PressAsync("ArrowLeft");
        }

        Assert.Equal("11", await Page.Locator("#hole-x").InputValueAsync());
        await Page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(Result("red")).ToBeVisibleAsync();
        Photo filled = await Completed("red");
        Assert.Equal(RunningService.Red, Pixel(filled, 11, 32));
        Assert.Equal(Pixel(Photos.Scene(), 43, 32), Pixel(filled, 43, 32));
        ILocator slider = Result("red").GetByTestId("compare-slider");
        await slider.FocusAsync();
        await Page.Keyboard.PressAsync("End");
        Assert.Equal("100", await slider.GetAttributeAsync("aria-valuenow"));
    }

    [Fact]
    public async Task Unreadable_files_and_network_errors_are_reported()
    {
        await Upload(System.Text.Encoding.UTF8.GetBytes("no picture"), "letter.txt");
        await Assertions.Expect(Page.GetByTestId("status")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("error"));
        Assert.Contains("letter.txt", await Page.GetByTestId("status").InnerTextAsync(), StringComparison.Ordinal);
        await Upload(Photos.Png());
        await Page.RouteAsync("**/api/v1/inpaint", route => route.AbortAsync());
        await Page.Locator("#fill").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("status")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("error"));
    }

    [Fact]
    public async Task A_replaced_graph_is_shown_and_used_and_a_rejected_one_is_explained()
    {
        await Page.Locator("#tab-graphs").ClickAsync();
        await Page.Locator("#graph-list a[data-graph=red]").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("graph-contract")).ToContainTextAsync("image");
        string folder = Path.Combine(Service.GraphsFolder, "red");
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), RunningService.GreenGraph().Model);
        await Page.Locator("#graph-reload").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("graph-refused")).ToContainTextAsync("sha256");
        GraphOnDisk.Write(RunningService.GreenGraph(), folder);
        await Page.Locator("#graph-reload").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("graph-refused")).ToBeHiddenAsync();
        await Page.Locator("#tab-try").ClickAsync();
        await Upload(Photos.Png());
        await Fill("red");
        Assert.Equal(RunningService.Green, Pixel(await Completed("red"), 32, 32));
    }

    [Fact]
    public async Task Pairs_are_judged_by_keyboard_and_counted()
    {
        await Page.Locator("#tab-judge").ClickAsync();
        foreach (string graph in (string[])["words", "pushpull"])
        {
            await Page.Locator($"#judge-graphs input[value={graph}]").UncheckAsync();
        }

        for (int i = 0; i < 3; i++)
        {
            await Assertions.Expect(Page.Locator("#judge-left")).ToBeEnabledAsync();
            await Page.Locator("#judge-left").FocusAsync();
            await Page.Keyboard.PressAsync(i == 2 ? "e" : "ArrowLeft");
            await Service.WaitUntil(
                () => Task.FromResult(File.Exists(Service.VotesFile) && VoteFile.Read(Service.VotesFile).Count == i + 1),
                $"vote {i + 1} is saved");
        }

        await Assertions.Expect(Page.GetByTestId("judge-votes")).ToContainTextAsync("3");
        Assert.Equal([VoteChoice.Left, VoteChoice.Left, VoteChoice.Equal], VoteFile.Read(Service.VotesFile).Select(v => v.Choice));
        Assert.Empty(Errors);
    }

    [Theory, InlineData("try"), InlineData("graphs"), InlineData("judge")]
    public async Task Axe_reports_no_serious_violations(string view)
    {
        foreach ((ColorScheme scheme, int width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 360) })
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await Page.SetViewportSizeAsync(width, 800);
            await Page.GotoAsync($"{Service.Url}/#{view}");
            await Assertions.Expect(Page.Locator($"#view-{view}")).ToBeVisibleAsync();
            AxeResult found = await Page.RunAxe();
            Assert.Empty(
                found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{scheme} {width}: {v.Id}: {v.Help}"));
            Assert.Equal(width, await Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, innerWidth)"));
        }
    }

    [Theory, InlineData(1280), InlineData(360)]
    public async Task Axe_reports_no_serious_violations_after_fills_and_errors(int width)
    {
        await Page.SetViewportSizeAsync(width, 800);
        await Fill("red", "green");
        await Page.Locator("label[for=tool-brush]").ClickAsync();
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await AssertNoViolations($"{scheme} {width} after a fill");
            await Break("**/api/v1/judge/pair*", "The graph red is being replaced.");
            await Page.Locator("#tab-judge").ClickAsync();
            await Assertions.Expect(TryAgain).ToBeVisibleAsync();
            await AssertNoViolations($"{scheme} {width} where a pair failed");
            await Page.Locator("#tab-try").ClickAsync();
        }
    }

    private async Task AssertNoViolations(string where)
    {
        // Waits until transitions have ended.
        await Page.EvaluateAsync("new Promise((resolve) => setTimeout(resolve, 200))");
        AxeResult found = await Page.RunAxe();
        Assert.Empty(found.Violations
            .Where(v => v.Impact is "serious" or "critical")
            .Select(v => $"{where}: {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Select(n => n.Html))}"));
    }

    [Fact]
    public async Task A_link_restores_the_settings()
    {
        await Page.GotoAsync($"{Service.Url}/#try?sample=scene-5&hole=40,64,100,90&caption=the%20sun&graphs=green,words&feather=3");
        await Page.ReloadAsync();
        await Assertions.Expect(Page.Locator("#hole-x")).ToHaveValueAsync("40");
        await Assertions.Expect(Page.Locator("#hole-height")).ToHaveValueAsync("90");
        await Assertions.Expect(Page.Locator("#caption")).ToHaveValueAsync("the sun");
        await Assertions.Expect(Page.Locator("#feather")).ToHaveValueAsync("3");
        Assert.True(await Page.Locator("#graph-picker input[value=words]").IsCheckedAsync());
        Assert.False(await Page.Locator("#graph-picker input[value=red]").IsCheckedAsync());
    }
}
