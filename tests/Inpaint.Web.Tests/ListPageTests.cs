using Inpaint.TestSupport;
using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>The lists of photos and graphs, and errors when loading them.</summary>
public sealed class ListPageTests(BrowserFixture browser) : PageTest(browser)
{
    [Fact]
    public async Task Lists_that_failed_to_load_can_be_retried()
    {
        await Break("**/api/v1/samples*", "The gallery is unavailable.");
        await Break("**/api/v1/graphs", "The graphs are unavailable.");
        await Page.ReloadAsync();
        await Assertions.Expect(Page.Locator("#gallery-notice")).ToContainTextAsync("The gallery is unavailable.");
        await Assertions.Expect(Page.Locator("#graph-notice")).ToContainTextAsync("The graphs are unavailable.");
        await Page.Locator("#permalink").ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync("There is no photo yet.");
        await Page.Locator("#fill").ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync("There is no photo yet.");

        await Page.UnrouteAsync("**/api/v1/samples*");
        await Page.UnrouteAsync("**/api/v1/graphs");
        await TryAgain.First.ClickAsync();
        await Assertions.Expect(TryAgain).ToHaveCountAsync(0);
        await Assertions.Expect(Page.Locator("#graph-picker input[value=red]")).ToBeCheckedAsync();
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
    }

    [Fact]
    public async Task A_graph_added_later_can_be_used_and_judged()
    {
        await Page.Locator("#tab-judge").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-graphs input[value=words]")).ToBeCheckedAsync();
        GraphOnDisk.Write(RunningService.GreenGraph(), Path.Combine(Service.GraphsFolder, "later"));
        await Page.Locator("#tab-try").ClickAsync();
        await Assertions.Expect(Page.Locator("#graph-picker input[value=later]")).ToHaveCountAsync(1);
        await Page.Locator("#tab-judge").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-graphs input[value=later]")).ToBeCheckedAsync();
        Assert.Empty(Errors);
    }

    [Fact]
    public async Task The_status_is_cleared_when_the_tab_changes()
    {
        await Page.Locator("#tab-graphs").ClickAsync();
        await Assertions.Expect(Page.Locator("#graph-name")).ToBeVisibleAsync();
        await Assertions.Expect(Status).ToHaveTextAsync("");
    }

    [Fact]
    public async Task A_link_to_an_uploaded_photo_is_rejected()
    {
        await Upload(Photos.Png(), "mine.png");
        await Page.Locator("#permalink").ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync("mine.png is your own");
    }

    [Fact]
    public async Task A_link_to_an_unknown_photo_is_reported_and_the_first_one_shown()
    {
        await Page.GotoAsync($"{Service.Url}/#try?sample=nope");
        await Page.ReloadAsync();
        await Assertions.Expect(Status).ToContainTextAsync("not in the gallery: nope.");
        await Assertions.Expect(Page.Locator("#hole-x")).ToHaveValueAsync("64");
        await Assertions.Expect(Page.Locator("#fill")).ToBeEnabledAsync();
    }

    [Fact]
    public async Task A_long_gallery_is_loaded_in_pages_of_thumbnails()
    {
        var asked = new List<string>();
        await Page.RouteAsync("**/api/v1/samples?*", async route =>
        {
            var query = System.Web.HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query);
            (int skip, int take) = (
                int.Parse(query["skip"]!, System.Globalization.CultureInfo.InvariantCulture),
                int.Parse(query["take"]!, System.Globalization.CultureInfo.InvariantCulture));
            var samples = Enumerable.Range(skip, Math.Min(take, 5000 - skip))
                .Select(i => new { id = $"photo-{i}", caption = $"Photo {i}" });
            await route.FulfillAsync(new RouteFulfillOptions { Json = new { samples, total = 5000 } });
        });
        await Page.RouteAsync("**/api/v1/samples/photo-*", async route =>
        {
            lock (asked)
            {
                asked.Add(route.Request.Url);
            }

            await route.FulfillAsync(new RouteFulfillOptions { ContentType = "image/png", BodyBytes = Photos.Png() });
        });
        await Page.ReloadAsync();
        await Assertions.Expect(Page.GetByTestId("gallery-count")).ToHaveTextAsync("60 of 5,000 shown");
        await Page.Locator("#gallery-more").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(Page.GetByTestId("gallery-count")).ToHaveTextAsync("120 of 5,000 shown");
        await Assertions.Expect(Page.GetByTestId("sample")).ToHaveCountAsync(120);
        await Assertions.Expect(Page.Locator("#gallery img").Nth(59)).ToHaveAttributeAsync(
            "src", new System.Text.RegularExpressions.Regex("^blob:"));
        lock (asked)
        {
            // The first photo is loaded in full; the others are thumbnails, of the visible ones only.
            Assert.Equal(1, asked.Count(url => !url.EndsWith("?size=128", StringComparison.Ordinal)));
            Assert.InRange(asked.Count, 10, 100);
        }
    }

    [Fact]
    public async Task Words_of_a_caption_too_long_for_a_URL_are_checked()
    {
        string caption = string.Join(' ', Enumerable.Repeat("moon", 1999)) + " sea";
        await Page.RouteAsync("**/api/v1/graphs/words/caption*", async route =>
        {
            string text = route.Request.PostDataJSON() is { } body ? body.GetProperty("text").GetString()! : "";
            ILookup<bool, string> words = text.Split(' ').Distinct().ToLookup(word => word == "sea");
            await route.FulfillAsync(new RouteFulfillOptions { Json = new { known = words[true], unknown = words[false] } });
        });
        await Tick("words", "red");
        await Page.Locator("#caption").FillAsync(caption);
        await Assertions.Expect(Page.GetByTestId("known-word")).ToHaveTextAsync("sea");
        await Assertions.Expect(Page.GetByTestId("unknown-word")).ToHaveTextAsync("moon");
        await Assertions.Expect(Page.Locator("#caption-words")).ToContainTextAsync("red takes no captions.");
    }

    [Fact]
    public async Task A_gallery_without_paging_is_shown_completely()
    {
        await Assertions.Expect(Page.GetByTestId("gallery-count")).ToHaveTextAsync("12 photos");
        var samples = Enumerable.Range(0, 70).Select(i => new { id = $"scene-{i % 12}" });
        await Page.RouteAsync("**/api/v1/samples?*", route => route.FulfillAsync(new RouteFulfillOptions { Json = new { samples } }));
        await Page.ReloadAsync();
        await Assertions.Expect(Page.GetByTestId("gallery-count")).ToHaveTextAsync("70 photos");
        await Assertions.Expect(Page.Locator("#gallery-more")).ToBeHiddenAsync();
    }
}
