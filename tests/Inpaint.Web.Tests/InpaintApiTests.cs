using Inpaint.Scenes;

namespace Inpaint.Web.Tests;

/// <summary>Completing photos over HTTP.</summary>
public sealed class InpaintApiTests : IAsyncLifetime
{
    private RunningService _service = null!;

    public async ValueTask InitializeAsync() => _service = await RunningService.StartAsync();

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task The_center_of_a_photo_is_filled_and_headers_describe_the_graph()
    {
        using HttpResponseMessage response = await _service.InpaintAsync(("image", Photos.Png()));
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(response), Photos.InCenter, RunningService.Red);
        Assert.Equal("red", response.Headers.GetValues("X-Inpaint-Graph").Single());
        Assert.Equal(RunningService.RedGraph().Manifest.Graph.Sha256, response.Headers.GetValues("X-Inpaint-Graph-Sha256").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_JSON_response_contains_the_known_words_of_the_caption()
    {
        JsonElement answer = await _service.InpaintJsonAsync(
            ("image", Photos.Png()), ("graph", "words"), ("caption", "The sun and a zebra"));
        Photos.AssertFilled(
            Photos.Scene(), PhotoCodec.Decode(answer.GetProperty("image").GetBytesFromBase64()), Photos.InCenter, (255, 255, 0));
        Assert.Equal("sun", answer.GetProperty("caption").GetProperty("known").EnumerateArray().Single().GetString());
        Assert.Equal("zebra", answer.GetProperty("caption").GetProperty("unknown").EnumerateArray().Single().GetString());
        Assert.Equal(
            (64, 64, "words"),
            (answer.GetProperty("width").GetInt32(), answer.GetProperty("height").GetInt32(), answer.GetProperty("graph").GetString()));
        JsonElement hole = answer.GetProperty("hole");
        Assert.Equal([16, 16, 32, 32], new[] { "x", "y", "width", "height" }.Select(side => hole.GetProperty(side).GetInt32()));
    }

    [Fact]
    public async Task A_JSON_request_is_equivalent_to_a_form()
    {
        using HttpResponseMessage response = await _service.Client.PostAsJsonAsync(
            "/api/v1/inpaint", new { image = Photos.Png(), graph = "green", hole = new { x = 20, y = 24, width = 8, height = 10 } });
        Photos.AssertFilled(
            Photos.Scene(), await Photos.Picture(response), (x, y) => x is >= 20 and < 28 && y is >= 24 and < 34, RunningService.Green);
    }

    [Fact]
    public async Task White_pixels_of_a_mask_are_hidden()
    {
        Photo mask = new(64, 64);
        foreach ((int x, int y) in new[] { (30, 31), (31, 31), (30, 32) })
        {
            mask.Pixels.Slice(4 * ((y * 64) + x), 3).Fill(255);
        }

        using HttpResponseMessage response = await _service.InpaintAsync(
            ("image", Photos.Png()), ("mask", PhotoCodec.Encode(mask)), ("graph", "red"));
        Photos.AssertFilled(
            Photos.Scene(), await Photos.Picture(response), (x, y) => (x, y) is (30, 31) or (31, 31) or (30, 32), RunningService.Red);

        // Without a graph, the service's default is used, as without a mask.
        using HttpResponseMessage free = await _service.InpaintAsync(("image", Photos.Png()), ("mask", PhotoCodec.Encode(mask)));
        Assert.Equal("red", free.Headers.GetValues("X-Inpaint-Graph").Single());
    }

    [Fact]
    public async Task The_fill_of_a_complete_photo_is_measured()
    {
        // Gray 102 against 0, 153, 0: the errors are 102, 51 and 102 of 255.
        var gray = new Photo(64, 64);
        for (int i = 0; i < gray.Pixels.Length; i++)
        {
            gray.Pixels[i] = i % 4 == 3 ? (byte)255 : (byte)102;
        }

        JsonElement answer = await _service.InpaintJsonAsync(("image", PhotoCodec.Encode(gray)), ("graph", "green"), ("truth", "true"));
        double mse = ((0.4 * 0.4) + (0.2 * 0.2) + (0.4 * 0.4)) / 3;
        Assert.Equal(mse, answer.GetProperty("metrics").GetProperty("hole_mse").GetDouble(), 1e-9);
        Assert.Equal(-10 * Math.Log10(mse), answer.GetProperty("metrics").GetProperty("hole_psnr").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task Feather_blends_like_the_library()
    {
        using HttpResponseMessage response = await _service.InpaintAsync(("image", Photos.Png()), ("feather", "6"));
        using var inpainter = new Inpainter(
            RunningService.RedGraph(), new InpaintingOptions { Execution = new() { Device = "cpu" }, Fill = new() { Feather = 6 } });
        Photo expected = inpainter.Complete(Photos.Scene());
        Photo found = await Photos.Picture(response);
        Assert.Equal(expected.Array, found.Array);
        using HttpResponseMessage plain = await _service.InpaintAsync(("image", Photos.Png()));
        found = await Photos.Picture(plain);
        Assert.NotEqual(expected.Array, found.Array);
    }

    [Fact]
    public async Task Settings_of_fill_and_output_are_fields_of_form_and_JSON()
    {
        Photo mask = new(64, 64);
        mask.Pixels.Fill(255);
        mask.Pixels.Slice(4 * ((30 * 64) + 20), 3).Clear();
        byte[] file = PhotoCodec.Encode(mask);
        using HttpResponseMessage form = await _service.InpaintAsync(
            ("image", Photos.Png()), ("mask", file), ("graph", "red"), ("mask_polarity", "black"));
        Photos.AssertFilled(Photos.Scene(), await Photos.Picture(form), (x, y) => (x, y) == (20, 30), RunningService.Red);

        using HttpResponseMessage json = await _service.Client.PostAsJsonAsync(
            "/api/v1/inpaint",
            new { image = Photos.Png(), mask = file, graph = "red", mask_polarity = "black", format = "jpeg", quality = 60 });
        Assert.Equal("image/jpeg", json.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0xFF, 0xD8], (await json.Content.ReadAsByteArrayAsync())[..2]);
    }

    [Fact]
    public async Task Concurrent_requests_receive_their_own_photos()
    {
        HttpResponseMessage[] answers = await Task.WhenAll(
            Enumerable.Range(0, 60).Select(i => _service.InpaintAsync(("image", Photos.Png(i)), ("graph", i % 2 == 0 ? "red" : "green"))));
        for (int i = 0; i < answers.Length; i++)
        {
            Photos.AssertFilled(
                Photos.Scene(i), await Photos.Picture(answers[i]), Photos.InCenter, i % 2 == 0 ? RunningService.Red : RunningService.Green);
            answers[i].Dispose();
        }
    }

    [Fact]
    public async Task A_batch_answers_one_line_per_photo_including_unreadable_ones()
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
        string text = await response.Content.ReadAsStringAsync();
        JsonElement[] lines = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .OrderBy(line => line.GetProperty("index").GetInt32())];
        Assert.Equal(["ok", "bad_photo", "ok"], lines.Select(l => l.GetProperty("status").GetString()));
        Assert.Contains("b.png", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Photos.AssertFilled(
            Photos.Scene(0),
            PhotoCodec.Decode(lines[0].GetProperty("result").GetProperty("image").GetBytesFromBase64()),
            Photos.InCenter,
            (0, 0, 255));
        Photos.AssertFilled(
            Photos.Scene(2),
            PhotoCodec.Decode(lines[2].GetProperty("result").GetProperty("image").GetBytesFromBase64()),
            Photos.InCenter,
            (255, 255, 0));
    }

    [Fact]
    public async Task Graphs_are_listed_with_manifest_and_device()
    {
        JsonElement list = await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs");
        Assert.Equal("red", list.GetProperty("default").GetString());
        Assert.Equal(
            ["green", "pushpull", "red", "words"],
            list.GetProperty("graphs").EnumerateArray().Select(g => g.GetProperty("name").GetString()));
        JsonElement red = await _service.Client.GetFromJsonAsync<JsonElement>(
            "/api/v1/graphs/red"), words = await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/words");
        Assert.True(red.GetProperty("loaded").GetBoolean());
        Assert.Equal("cpu", red.GetProperty("provider").GetString());
        Assert.False(words.GetProperty("loaded").GetBoolean());
        Assert.Equal(2, words.GetProperty("caption").GetProperty("vocabulary_size").GetInt32());
        JsonElement known = await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/graphs/words/caption?text=sea%20cow");
        Assert.Equal(("sea", "cow"), (known.GetProperty("known")[0].GetString(), known.GetProperty("unknown")[0].GetString()));
    }

    [Fact]
    public async Task Health_checks_metrics_and_samples_respond()
    {
        Assert.Equal("live\n", await _service.Client.GetStringAsync("/health/live"));
        (await _service.InpaintAsync(("image", Photos.Png()))).Dispose();
        (await _service.InpaintAsync(("image", new byte[] { 1 }))).Dispose();
        string metrics = await _service.Client.GetStringAsync("/metrics");
        Assert.Matches("inpaint_photos_total\\{[^}]*graph=\"red\",outcome=\"ok\"[^}]*\\} [1-9]", metrics);
        Assert.Matches("inpaint_bad_inputs_total\\{[^}]*reason=\"bad_photo\"[^}]*\\} [1-9]", metrics);
        Assert.Matches("inpaint_graph_loads_total\\{[^}]*graph=\"red\",outcome=\"loaded\"[^}]*\\} [1-9]", metrics);
        JsonElement samples = (await _service.Client.GetFromJsonAsync<JsonElement>("/api/v1/samples")).GetProperty("samples");
        Photo photo = await Photos.Picture(await _service.Client.GetAsync($"/api/v1/samples/{samples[3].GetProperty("id").GetString()}"));
        Assert.Equal((256, 256), (photo.Width, photo.Height));
    }
}
