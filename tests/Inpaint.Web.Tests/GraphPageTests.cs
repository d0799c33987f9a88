using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>The model cards, which are loaded separately.</summary>
public sealed class GraphPageTests(BrowserFixture browser) : PageTest(browser)
{
    [Fact]
    public async Task A_late_error_of_one_card_does_not_replace_another_card()
    {
        var gate = new TaskCompletionSource();
        await Page.RouteAsync("**/api/v1/graphs/red/card", async route =>
        {
            await gate.Task;
            await route.FulfillAsync(new RouteFulfillOptions
            {
                Status = 500,
                ContentType = "application/problem+json",
                Body = """{"detail": "The card of red is damaged."}""",
            });
        });
        await Page.RouteAsync(
            "**/api/v1/graphs/green/card",
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/markdown", Body = "# green\n\nAll of it green." }));
        await Page.Locator("#tab-graphs").ClickAsync();
        await Page.Locator("#graph-list a[data-graph=green]").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("graph-card")).ToContainTextAsync("All of it green.");
        Task<IResponse> late = Page.WaitForResponseAsync("**/api/v1/graphs/red/card");
        gate.SetResult();
        await (await late).FinishedAsync();
        await Page.EvaluateAsync("new Promise((resolve) => setTimeout(resolve, 100))");
        await Assertions.Expect(Page.GetByTestId("graph-card")).ToContainTextAsync("All of it green.");
    }

    [Fact]
    public async Task A_failed_card_is_requested_again()
    {
        await Break("**/api/v1/graphs/red/card", "The card is damaged.");
        await Page.Locator("#tab-graphs").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("graph-card")).ToContainTextAsync("The card is damaged.");
        await Page.UnrouteAsync("**/api/v1/graphs/red/card");
        await Page.RouteAsync(
            "**/api/v1/graphs/red/card",
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/markdown", Body = "# red\n\nAll of it red." }));
        await Assertions.Expect(Page.GetByTestId("graph-card")).ToContainTextAsync(
            "All of it red.", new LocatorAssertionsToContainTextOptions { Timeout = 15_000 });
    }
}
