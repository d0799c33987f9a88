using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>A service that wants a key.</summary>
public sealed class KeyPageTests(BrowserFixture browser) : PageTest(browser)
{
    private const string Key = "secret-1";

    private ILocator Dialog => Page.Locator("#key-dialog");

    private protected override ServiceOptions Options(ServiceOptions options) => options with { Graph = "red", ApiKey = Key };

    protected override async Task Begin()
    {
        await Page.GotoAsync(Service.Url);
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_key_that_no_header_can_carry_is_refused_in_the_dialog()
    {
        await Give("ключ");
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator("#key-error")).ToContainTextAsync("letters");
        Assert.Null(await Page.EvaluateAsync<string?>("sessionStorage.getItem('inpaint-api-key')"));
        await Give(Key);
        await Assertions.Expect(Dialog).ToBeHiddenAsync();
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
    }

    [Fact]
    public async Task A_stored_key_that_no_header_can_carry_is_forgotten()
    {
        await Page.EvaluateAsync("sessionStorage.setItem('inpaint-api-key', 'ключ')");
        await Page.ReloadAsync();
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
        await Give(Key);
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
    }

    [Fact]
    public async Task Who_gives_no_key_is_told_and_may_try_again()
    {
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(TryAgain).ToHaveCountAsync(2);
        await TryAgain.First.ClickAsync();
        await Give(Key);
        await Assertions.Expect(Page.GetByTestId("sample")).ToHaveCountAsync(12);
        await Assertions.Expect(Page.Locator("#graph-picker input[value=red]")).ToBeCheckedAsync();
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
        await Assertions.Expect(TryAgain).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_key_that_is_given_on_another_tab_fills_the_lists_too()
    {
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(TryAgain).ToHaveCountAsync(2);
        await Page.Locator("#tab-graphs").ClickAsync();
        await Give(Key);
        await Page.Locator("#tab-try").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("sample")).ToHaveCountAsync(12);
        await Assertions.Expect(Page.Locator("#graph-picker input[value=red]")).ToBeCheckedAsync();
    }

    private async Task Give(string key)
    {
        await Page.Locator("#api-key").FillAsync(key);
        await Page.Locator("#key-save").ClickAsync();
    }
}
