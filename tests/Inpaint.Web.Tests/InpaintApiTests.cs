using Inpaint.Holes;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;
using Inpaint.Scenes;

namespace Inpaint.Web.Tests;

/// <summary>Photos in, completed photos out, over a real connection.</summary>
public sealed class InpaintApiTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync();

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task A_photo_comes_back_with_its_centre_filled_and_the_answer_says_by_what()
    {
        using HttpResponseMessage response = await _service.Inpaint(("image", Photos.Png()));
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(response), Photos.InCentre, RunningService.Red);
        Assert.Equal("red", response.Headers.GetValues("X-Inpaint-Graph").Single());
        Assert.Equal(RunningService.RedGraph().Manifest.Graph.Sha256, response.Headers.GetValues("X-Inpaint-Graph-Sha256").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_same_as_json_with_the_words_that_the_graph_knows()
    {
        JsonElement answer = await _service.InpaintJson(("image", Photos.Png()), ("graph", "words"), ("caption", "The sun and a zebra"));
        Photos.AssertFilled(Photos.Scene(), PhotoCodec.Decode(answer.GetProperty("image").GetBytesFromBase64()), Photos.InCentre, (255, 255, 0));
        Assert.Equal("sun", answer.GetProperty("caption").GetProperty("known").EnumerateArray().Single().GetString());
        Assert.Equal("zebra", answer.GetProperty("caption").GetProperty("unknown").EnumerateArray().Single().GetString());
        Assert.Equal((64, 64, "words"), (answer.GetProperty("width").GetInt32(), answer.GetProperty("height").GetInt32(), answer.GetProperty("graph").GetString()));
        JsonElement hole = answer.GetProperty("hole");
        Assert.Equal((16, 16, 32, 32), (hole.GetProperty("x").GetInt32(), hole.GetProperty("y").GetInt32(), hole.GetProperty("width").GetInt32(), hole.GetProperty("height").GetInt32()));
    }

    [Fact]
    public async Task A_request_in_json_does_what_the_form_does()
    {
        using HttpResponseMessage response = await _service.Client.PostAsJsonAsync("/api/v1/inpaint", new { image = Photos.Png(), graph = "green", hole = new { x = 20, y = 24, width = 8, height = 10 } });
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(response), (x, y) => x is >= 20 and < 28 && y is >= 24 and < 34, RunningService.Green);
    }

    [Fact]
    public async Task A_mask_hides_what_is_white_in_it()
    {
        Photo mask = new(64, 64);
        foreach ((int x, int y) in new[] { (30, 31), (31, 31), (30, 32) })
        {
            mask.Pixels.Slice(4 * ((y * 64) + x), 3).Fill(255);
        }

        using HttpResponseMessage response = await _service.Inpaint(("image", Photos.Png()), ("mask", PhotoCodec.Encode(mask)), ("graph", "red"));
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(response), (x, y) => (x, y) is (30, 31) or (31, 31) or (30, 32), RunningService.Red);

        // Without a graph the one for any mask is taken.
        using HttpResponseMessage free = await _service.Inpaint(("image", Photos.Png()), ("mask", PhotoCodec.Encode(mask)));
        Assert.Equal("pushpull", free.Headers.GetValues("X-Inpaint-Graph").Single());
    }

    [Fact]
    public async Task A_whole_photo_is_judged_by_what_the_hole_hides()
    {
        // Grey 102 against 0, 153, 0: squares of 102, 51 and 102 over 255.
        var grey = new Photo(64, 64);
        for (int i = 0; i < grey.Pixels.Length; i++)
        {
            grey.Pixels[i] = i % 4 == 3 ? (byte)255 : (byte)102;
        }

        JsonElement answer = await _service.InpaintJson(("image", PhotoCodec.Encode(grey)), ("graph", "green"), ("truth", "true"));
        double mse = ((0.4 * 0.4) + (0.2 * 0.2) + (0.4 * 0.4)) / 3;
        Assert.Equal(mse, answer.GetProperty("metrics").GetProperty("hole_mse").GetDouble(), 1e-9);
        Assert.Equal(-10 * Math.Log10(mse), answer.GetProperty("metrics").GetProperty("hole_psnr").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task Feather_blends_the_fill_as_the_library_does()
    {
        using HttpResponseMessage response = await _service.Inpaint(("image", Photos.Png()), ("feather", "6"));
        using var inpainter = new Inpainter(RunningService.RedGraph(), new InpaintingOptions { Device = "cpu", Feather = 6 });
        Photo expected = inpainter.Complete(Photos.Scene());
        Photo found = await Photos.Picture(response);
        Assert.Equal(expected.Array, found.Array);
        using HttpResponseMessage plain = await _service.Inpaint(("image", Photos.Png()));
        found = await Photos.Picture(plain);
        Assert.NotEqual(expected.Array, found.Array);
    }

    [Fact]
    public async Task Many_at_once_are_answered_each_with_its_own_photo()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _service.Inpaint(("image", Photos.Png(i)), ("graph", i % 2 == 0 ? "red" : "green"))));
        for (int i = 0; i < answers.Length; i++)
        {
            Photos.AssertFilled(Photos.Scene(i), await Photos.Picture(answers[i]), Photos.InCentre, i % 2 == 0 ? RunningService.Red : RunningService.Green);
            answers[i].Dispose();
        }
    }

    [Fact]
    public async Task A_batch_answers_a_line_a_photo_and_a_bad_photo_is_a_line()
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(Photos.Png(0)), "image", "a.png");
        form.Add(new ByteArrayContent([1, 2, 3]), "image", "b.png");
        form.Add(new ByteArrayContent(Photos.Png(2)), "image", "c.png");
        foreach (string caption in (string[])["sea", "sea", "sun"])
        {
            form.Add(new StringContent(caption), "caption");
        }

        form.Add(new StringContent("words"), "graph");
        using HttpResponseMessage response = await _service.Client.PostAsync("/api/v1/inpaint/batch", form);
        Assert.Equal("application/jsonl", response.Content.Headers.ContentType?.MediaType);
        JsonElement[] lines = [.. (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).OrderBy(l => l.GetProperty("index").GetInt32())];
        Assert.Equal(["ok", "bad_photo", "ok"], lines.Select(l => l.GetProperty("status").GetString()));
        Assert.Contains("b.png", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Photos.AssertFilled(Photos.Scene(0), PhotoCodec.Decode(lines[0].GetProperty("result").GetProperty("image").GetBytesFromBase64()), Photos.InCentre, (0, 0, 255));
        Photos.AssertFilled(Photos.Scene(2), PhotoCodec.Decode(lines[2].GetProperty("result").GetProperty("image").GetBytesFromBase64()), Photos.InCentre, (255, 255, 0));
    }

    [Fact]
    public async Task Graphs_are_listed_with_what_they_want_and_where_they_run()
    {
        JsonElement list = await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs");
        Assert.Equal("red", list.GetProperty("default").GetString());
        Assert.Equal(["green", "pushpull", "red", "words"], list.GetProperty("graphs").EnumerateArray().Select(g => g.GetProperty("name").GetString()));
        JsonElement red = await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/red"), words = await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/words");
        Assert.True(red.GetProperty("loaded").GetBoolean());
        Assert.Equal("cpu", red.GetProperty("provider").GetString());
        Assert.False(words.GetProperty("loaded").GetBoolean());
        Assert.Equal(2, words.GetProperty("caption").GetProperty("vocabulary_size").GetInt32());
        JsonElement known = await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/words/caption?text=sea%20cow");
        Assert.Equal(("sea", "cow"), (known.GetProperty("known")[0].GetString(), known.GetProperty("unknown")[0].GetString()));
    }

    [Fact]
    public async Task Health_metrics_and_samples_answer()
    {
        Assert.Equal("live\n", await _service.Client.GetStringAsync("/health/live"));
        (await _service.Inpaint(("image", Photos.Png()))).Dispose();
        (await _service.Inpaint(("image", new byte[] { 1 }))).Dispose();
        string metrics = await _service.Client.GetStringAsync("/metrics");
        Assert.Matches("inpaint_photos_total\\{[^}]*graph=\"red\",outcome=\"ok\"[^}]*\\} [1-9]", metrics);
        Assert.Matches("inpaint_bad_inputs_total\\{[^}]*reason=\"bad_photo\"[^}]*\\} [1-9]", metrics);
        Assert.Matches("inpaint_graph_loads_total\\{[^}]*graph=\"red\",outcome=\"loaded\"[^}]*\\} [1-9]", metrics);
        JsonElement samples = (await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/samples")).GetProperty("samples");
        Photo photo = await Photos.Picture(await _service.Client.GetAsync($"/api/v1/samples/{samples[3].GetProperty("id").GetString()}"));
        Assert.Equal((256, 256), (photo.Width, photo.Height));
    }
}
