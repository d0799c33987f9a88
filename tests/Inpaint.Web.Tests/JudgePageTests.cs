using Inpaint.Evaluation.Judging;
using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>The Judge view: errors and layout.</summary>
public sealed class JudgePageTests(BrowserFixture browser) : PageTest(browser)
{
    [Fact]
    public async Task A_failed_pair_can_be_retried()
    {
        await Break("**/api/v1/judge/pair*", "The graph red is being replaced.");
        await Page.Locator("#tab-judge").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-notice")).ToContainTextAsync("The graph red is being replaced.");
        await Page.UnrouteAsync("**/api/v1/judge/pair*");
        await TryAgain.ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-left")).ToBeEnabledAsync();
        await Assertions.Expect(TryAgain).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_failed_vote_is_retried_for_the_same_pair()
    {
        await Page.Locator("#tab-judge").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-left")).ToBeEnabledAsync();
        var sent = new List<string?>();
        Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/judge/votes", StringComparison.Ordinal))
            {
                sent.Add(request.PostData);
            }
        };
        await Break("**/api/v1/judge/votes", "The disk is full.", 500);
        await Page.Locator("#judge-right").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-notice")).ToContainTextAsync("The disk is full.");
        await Assertions.Expect(Page.Locator("#judge-right img")).ToBeVisibleAsync();
        await Page.UnrouteAsync("**/api/v1/judge/votes");
        await TryAgain.ClickAsync();
        await Assertions.Expect(Page.GetByTestId("judge-votes")).ToContainTextAsync("1 vote");
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0], sent[1]);
        Assert.Equal([VoteChoice.Right], VoteFile.Read(Service.VotesFile).Select(v => v.Choice));
        await Assertions.Expect(TryAgain).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_late_table_does_not_replace_a_newer_one()
    {
        int requests = 0;
        var first = new TaskCompletionSource();
        await Page.RouteAsync("**/api/v1/judge/table", async route =>
        {
            int turn = ++requests;
            if (turn == 1)
            {
                await first.Task;
            }

            object one = new { name = "red", strength = 0, low = -1, high = 1, wins = turn, losses = 0, ties = 0 };
            await route.FulfillAsync(new RouteFulfillOptions { Json = new { votes = turn, graphs = new[] { one, one } } });
        });
        await Page.Locator("#tab-judge").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-left")).ToBeEnabledAsync();
        await Page.Locator("#judge-left").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("judge-votes")).ToContainTextAsync("2 votes");
        Task<IResponse> late = Page.WaitForResponseAsync("**/api/v1/judge/table");
        first.SetResult();
        await (await late).FinishedAsync();
        await Page.EvaluateAsync("new Promise((resolve) => setTimeout(resolve, 100))");
        await Assertions.Expect(Page.GetByTestId("judge-votes")).ToContainTextAsync("2 votes");
    }

    [Theory, InlineData(1366, 768), InlineData(1280, 900), InlineData(360, 740)]
    public async Task The_pair_and_its_buttons_are_visible(int width, int height)
    {
        await Page.SetViewportSizeAsync(width, height);
        await Page.Locator("#tab-judge").ClickAsync();
        await Assertions.Expect(Page.Locator("#judge-left")).ToBeEnabledAsync();
        LocatorBoundingBoxResult bar = (await Page.Locator(".status-bar").BoundingBoxAsync())!;
        foreach (string part in (string[])["#judge-left", "#judge-right", "#judge-equal", "#judge-skip"])
        {
            LocatorBoundingBoxResult box = (await Page.Locator(part).BoundingBoxAsync())!;
            Assert.True(
                box.Y >= 0 && box.Y + box.Height <= bar.Y, $"{part} ends at {box.Y + box.Height}; the status bar starts at {bar.Y}.");
        }

        LocatorBoundingBoxResult picture = (await Page.Locator("#judge-left img").BoundingBoxAsync())!;
        Assert.True(picture.Width >= 160, $"The picture is {picture.Width} wide.");
    }
}
