using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>The page of a service with an API key.</summary>
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
    public async Task An_invalid_key_is_rejected_in_the_dialog()
    {
        await Enter("ключ");
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator("#key-error")).ToContainTextAsync("letters");
        Assert.Null(await Page.EvaluateAsync<string?>("sessionStorage.getItem('inpaint-api-key')"));
        await Enter(Key);
        await Assertions.Expect(Dialog).ToBeHiddenAsync();
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
    }

    [Fact]
    public async Task An_invalid_stored_key_is_discarded()
    {
        await Page.EvaluateAsync("sessionStorage.setItem('inpaint-api-key', 'ключ')");
        await Page.ReloadAsync();
        await Assertions.Expect(Dialog).ToBeVisibleAsync();
        await Enter(Key);
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
    }

    [Fact]
    public async Task Cancelling_the_key_dialog_can_be_retried()
    {
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(TryAgain).ToHaveCountAsync(2);
        await TryAgain.First.ClickAsync();
        await Enter(Key);
        await Assertions.Expect(Page.GetByTestId("sample")).ToHaveCountAsync(12);
        await Assertions.Expect(Page.Locator("#graph-picker input[value=red]")).ToBeCheckedAsync();
        await Assertions.Expect(Status).ToContainTextAsync("pixels");
        await Assertions.Expect(TryAgain).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_key_entered_on_another_tab_also_loads_the_lists()
    {
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(TryAgain).ToHaveCountAsync(2);
        await Page.Locator("#tab-graphs").ClickAsync();
        await Enter(Key);
        await Page.Locator("#tab-try").ClickAsync();
        await Assertions.Expect(Page.GetByTestId("sample")).ToHaveCountAsync(12);
        await Assertions.Expect(Page.Locator("#graph-picker input[value=red]")).ToBeCheckedAsync();
    }

    private async Task Enter(string key)
    {
        await Page.Locator("#api-key").FillAsync(key);
        await Page.Locator("#key-save").ClickAsync();
    }
}
