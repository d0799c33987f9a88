using Inpaint.Scenes;
using Microsoft.Playwright;

namespace Inpaint.Web.Tests;

/// <summary>The editor of the hole.</summary>
public sealed class EditorPageTests(BrowserFixture browser) : PageTest(browser)
{
    [Theory, InlineData(0), InlineData(1)]
    public async Task Undo_during_a_stroke_removes_only_that_stroke(int strokesBefore)
    {
        await Upload(Photos.Png(size: 128));
        await Page.Locator("label[for=tool-brush]").ClickAsync();
        await Page.Locator("#editor-canvas").ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await Page.Locator("#editor-canvas").BoundingBoxAsync())!;
        Task At(float x, float y) =>
            Page.Mouse.MoveAsync(box.X + (box.Width * x), box.Y + (box.Height * y), new MouseMoveOptions { Steps = 4 });
        for (int i = 0; i < strokesBefore; i++)
        {
            await At(0.2f, 0.2f);
            await Page.Mouse.DownAsync();
            await At(0.3f, 0.2f);
            await Page.Mouse.UpAsync();
        }

        await At(0.5f, 0.5f);
        await Page.Mouse.DownAsync();
        await At(0.6f, 0.6f);
        await Page.Keyboard.PressAsync("Control+z");
        await At(0.8f, 0.8f);
        await Page.Mouse.UpAsync();
        Assert.Empty(Errors);
        if (strokesBefore == 0)
        {
            await Assertions.Expect(Page.Locator("#mask-undo")).ToBeDisabledAsync();
            return;
        }

        await Fill("red");
        Photo filled = await Completed("red"), photo = Photos.Scene(size: 128);
        Assert.NotEqual(Pixel(photo, 32, 26), Pixel(filled, 32, 26));
        foreach (int at in (int[])[50, 64, 77, 90, 102])
        {
            Assert.Equal(Pixel(photo, at, at), Pixel(filled, at, at));
        }
    }

    [Fact]
    public async Task Undo_and_redo_restore_the_same_pixels()
    {
        int[] hidden = await Page.EvaluateAsync<int[]>("""
            async () => {
              const { PaintedMask } = await import('./js/paintedMask.js');
              const mask = new PaintedMask(160, 120);
              mask.beginStroke({ x: 20.3, y: 30.7 }, 17, false);
              for (let i = 1; i < 60; i++) {
                mask.continueStroke({ x: 20.3 + 2 * i, y: 60 + 30 * Math.sin(i / 3) });
              }
              mask.endStroke?.();
              const counts = [mask.snapshot().hidden];
              mask.beginStroke({ x: 5, y: 5 }, 6, false);
              mask.undo();
              counts.push(mask.snapshot().hidden);
              mask.undo();
              mask.redo();
              counts.push(mask.snapshot().hidden);
              return counts;
            }
            """);
        Assert.True(hidden[0] > 1000, $"{hidden[0]} pixels are hidden.");
        Assert.Equal([hidden[0], hidden[0], hidden[0]], hidden);
    }

    [Fact]
    public async Task A_bracket_typed_with_AltGr_sets_the_brush_size()
    {
        await Upload(Photos.Png());
        await Page.Locator("label[for=tool-brush]").ClickAsync();
        double before = double.Parse(
            await Page.Locator("#brush-size").InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture);
        await Page.EvaluateAsync("""
            document.getElementById('editor-canvas').dispatchEvent(
              new KeyboardEvent('keydown', { key: ']', ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true }))
            """);
        double after = double.Parse(await Page.Locator("#brush-size").InputValueAsync(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(after > before, $"The brush size is {after} after {before}.");
    }

    [Fact]
    public async Task A_drag_ends_when_another_photo_is_loaded()
    {
        await Upload(Photos.Png());
        await Page.Locator("#editor-canvas").ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await Page.Locator("#editor-canvas").BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(box.X + (box.Width * 0.5f), box.Y + (box.Height * 0.5f));
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(box.X + (box.Width * 0.6f), box.Y + (box.Height * 0.5f));
        await Upload(Photos.Png(2, 96), "other.png");
        await Page.Mouse.MoveAsync(box.X + (box.Width * 0.3f), box.Y + (box.Height * 0.3f));
        await Page.Mouse.UpAsync();
        await Assertions.Expect(Page.Locator("#hole-x")).ToHaveValueAsync("24");
        await Assertions.Expect(Page.Locator("#hole-width")).ToHaveValueAsync("48");
    }
}
