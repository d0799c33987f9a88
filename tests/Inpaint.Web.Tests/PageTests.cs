using Inpaint.TestSupport;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Inpaint.Evaluation.Judging;
using Inpaint.Photos;
using Inpaint.Scenes;
using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>What people do with the page, from a photo to its fill, and that all can do it.</summary>
public sealed class PageTests(BrowserFixture browser) : PageTest(browser)
{
    [Fact]
    public async Task A_photo_is_picked_filled_and_downloaded_with_its_known_pixels_as_they_were()
    {
        await Upload(Photos.Png());
        await Fill("red");
        ILocator result = Result("red");
        await Assertions.Expect(result.GetByTestId("result-milliseconds")).ToBeVisibleAsync();
        await Assertions.Expect(result.GetByTestId("result-psnr")).ToBeVisibleAsync();
        IDownload download = await Page.RunAndWaitForDownloadAsync(() => result.GetByTestId("download").ClickAsync());
        Photo saved = PhotoCodec.Decode(await File.ReadAllBytesAsync(await download.PathAsync()));
        Photos.AssertFilled(Photos.Scene(), saved, Photos.InCentre, RunningService.Red);
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task Several_graphs_stand_beside_each_other_and_the_history_remembers()
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
    public async Task What_the_brush_paints_is_filled_and_nothing_else()
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

        // Undone, there is nothing to fill; done again, there is.
        await Page.Locator("#mask-undo").ClickAsync();
        await Page.Locator("#mask-redo").ClickAsync();
        await Page.Locator("#mask-invert").ClickAsync();
        await Fill("red");
        filled = await Completed("red");
        // The window is scaled here, which sharpens its edges a little.
        (byte r, byte g, byte b) = Pixel(filled, 2, 2);
        Assert.True(r > 240 && g < 16 && b is > 35 and < 67, $"Pixel 2,2 is {r}, {g}, {b}.");
        Assert.Equal(Pixel(photo, 32, 32), Pixel(filled, 32, 32));
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task The_caption_shows_which_words_the_graph_knows_and_colours_the_fill()
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
    public async Task By_keyboard_alone_a_hole_is_moved_and_filled()
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
    public async Task What_is_no_photo_and_a_service_that_is_gone_are_sentences()
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
    public async Task A_graph_that_is_replaced_while_the_page_is_open_is_shown_and_used_and_a_bad_one_says_why()
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
    public async Task Pairs_are_judged_by_key_and_the_table_counts()
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
            await Service.Until(() => Task.FromResult(File.Exists(Service.VotesFile) && VoteFile.Read(Service.VotesFile).Count == i + 1), $"vote {i + 1} is kept");
        }

        await Assertions.Expect(Page.GetByTestId("judge-votes")).ToContainTextAsync("3");
        Assert.Equal([VoteChoice.Left, VoteChoice.Left, VoteChoice.Equal], VoteFile.Read(Service.VotesFile).Select(v => v.Choice));
        Assert.Empty(Errors);
    }

    [Theory, InlineData("try"), InlineData("graphs"), InlineData("judge")]
    public async Task Axe_finds_nothing_serious_in_light_dark_and_at_phone_width(string view)
    {
        foreach ((ColorScheme scheme, int width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 360) })
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await Page.SetViewportSizeAsync(width, 800);
            await Page.GotoAsync($"{Service.Url}/#{view}");
            await Assertions.Expect(Page.Locator($"#view-{view}")).ToBeVisibleAsync();
            AxeResult found = await Page.RunAxe();
            Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{scheme} {width}: {v.Id}: {v.Help}"));
            Assert.Equal(width, await Page.EvaluateAsync<int>("Math.max(document.documentElement.scrollWidth, innerWidth)"));
        }
    }

    [Theory, InlineData(1280), InlineData(360)]
    public async Task Axe_finds_nothing_serious_after_a_fill_while_painting_and_where_something_failed(int width)
    {
        await Page.SetViewportSizeAsync(width, 800);
        await Fill("red", "green");
        await Page.Locator("label[for=tool-brush]").ClickAsync();
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await AssertAxeFindsNothingSerious($"{scheme} {width} after a fill");
            await Break("**/api/v1/judge/pair*", "The graph red is being changed.");
            await Page.Locator("#tab-judge").ClickAsync();
            await Assertions.Expect(TryAgain).ToBeVisibleAsync();
            await AssertAxeFindsNothingSerious($"{scheme} {width} where a pair failed");
            await Page.Locator("#tab-try").ClickAsync();
        }
    }

    private async Task AssertAxeFindsNothingSerious(string where)
    {
        // What fades in has its colours only then.
        await Page.EvaluateAsync("new Promise((resolve) => setTimeout(resolve, 200))");
        AxeResult found = await Page.RunAxe();
        Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{where}: {v.Id}: {v.Help}: {string.Join("; ", v.Nodes.Select(n => n.Html))}"));
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
