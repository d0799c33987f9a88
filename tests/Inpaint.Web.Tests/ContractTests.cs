using Inpaint.Evaluation.Judging;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Inpaint.Web.Tests;

/// <summary>The OpenAPI document, judging, captions and CORS.</summary>
public sealed class ContractTests
{
    [Fact]
    public async Task The_OpenAPI_document_is_valid_and_contains_every_route()
    {
        await using RunningService service = await RunningService.StartAsync();
        await using Stream stream = await service.Client.GetStreamAsync("/openapi/v1.json");
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory);
        memory.Position = 0;
        ReadResult result = await OpenApiDocument.LoadAsync(memory, "json");
        Assert.Empty(result.Diagnostic!.Errors);
        string[] routes =
            [.. result.Document!.Paths.SelectMany(p => p.Value.Operations!.Select(o => $"{o.Key} {p.Key}")).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "GET /api/v1/graphs", "GET /api/v1/graphs/{name}", "GET /api/v1/graphs/{name}/caption",
                "GET /api/v1/graphs/{name}/card", "GET /api/v1/graphs/{name}/sheet",
                "GET /api/v1/judge/pair", "GET /api/v1/judge/table", "GET /api/v1/samples", "GET /api/v1/samples/{id}",
                "POST /api/v1/graphs/{name}/caption", "POST /api/v1/graphs/{name}/reload",
                "POST /api/v1/inpaint", "POST /api/v1/inpaint/batch", "POST /api/v1/judge/votes",
            ],
            routes);

        OpenApiOperation inpaint = result.Document.Paths["/api/v1/inpaint"].Operations![HttpMethod.Post];
        foreach (string type in (string[])["multipart/form-data", "application/json"])
        {
            IDictionary<string, IOpenApiSchema> fields = inpaint.RequestBody!.Content![type].Schema!.Properties!;
            Assert.Equal(
                [
                    "caption", "context", "feather", "format", "graph", "hole", "image", "mask", "mask_polarity", "quality",
                    "truth", "window_per_component",
                ],
                fields.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(("0", "4096"), (fields["feather"].Minimum, fields["feather"].Maximum));
            Assert.Equal("false", fields["truth"].Default!.ToJsonString());
            Assert.False(string.IsNullOrEmpty(fields["image"].Description));
            Assert.Equal(["white", "black"], fields["mask_polarity"].Enum!.Select(value => value!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task Votes_are_blind_and_counted_once()
    {
        await using RunningService service = await RunningService.StartAsync();
        for (int i = 0; i < 12; i++)
        {
            JsonElement pair = await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/judge/pair?graphs=red,truth");
            Assert.DoesNotContain(
                "red",
                pair.ToString().Replace(pair.GetProperty("left").GetString()!, "").Replace(
                    pair.GetProperty("right").GetString()!, "").Replace(pair.GetProperty("caption").GetString()!, ""),
                StringComparison.Ordinal);
            // The fill is red in the center; votes for the other picture.
            bool leftIsRed = IsRed(PhotoCodec.Decode(pair.GetProperty("left").GetBytesFromBase64()));
            Assert.NotEqual(leftIsRed, IsRed(PhotoCodec.Decode(pair.GetProperty("right").GetBytesFromBase64())));
            var vote = new { pair = pair.GetProperty("pair").GetString(), choice = i == 11 ? "skip" : leftIsRed ? "right" : "left" };
            Assert.True((await service.Client.PostAsJsonAsync("/api/v1/judge/votes", vote)).IsSuccessStatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await service.Client.PostAsJsonAsync("/api/v1/judge/votes", vote)).StatusCode);
        }

        JsonElement table = await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/judge/table");
        Assert.Equal(11, table.GetProperty("votes").GetInt32());
        Assert.Equal("truth", table.GetProperty("graphs")[0].GetProperty("name").GetString());
        Assert.Equal(11, table.GetProperty("graphs")[0].GetProperty("wins").GetInt32());
        IReadOnlyList<Vote> votes = VoteFile.Read(service.VotesFile);
        Assert.Equal(11, votes.Count);
        Assert.Equal(2, votes.Select(v => v.Left).Distinct().Count());

        static bool IsRed(Photo photo)
        {
            int at = 4 * ((photo.Height / 2 * photo.Width) + (photo.Width / 2));
            return (photo.Pixels[at], photo.Pixels[at + 1], photo.Pixels[at + 2]) == RunningService.Red;
        }
    }

    [Fact]
    public async Task A_vote_that_could_not_be_saved_can_be_repeated()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("full"), "a file where a folder is needed");
        await using RunningService service = await RunningService.StartAsync(o => o with { Votes = folder.File("full/votes.jsonl") });
        JsonElement pair = await service.Client.GetFromJsonAsync<JsonElement>("/api/v1/judge/pair?graphs=red,green");
        var vote = new { pair = pair.GetProperty("pair").GetString(), choice = "left" };
        using HttpResponseMessage refused = await service.Client.PostAsJsonAsync("/api/v1/judge/votes", vote);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal("vote_not_saved", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        File.Delete(folder.File("full"));
        using HttpResponseMessage kept = await service.Client.PostAsJsonAsync("/api/v1/judge/votes", vote);
        Assert.Equal(1, (await kept.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("votes").GetInt32());
        var votesIsFolder = new ServiceOptions { Graphs = service.GraphsFolder, Graph = "red", Votes = service.GraphsFolder };
        Assert.Equal(2, await InpaintService.RunAsync(votesIsFolder, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Words_of_a_long_caption_are_looked_up_by_post()
    {
        await using RunningService service = await RunningService.StartAsync();
        string caption = string.Join(' ', Enumerable.Repeat("sea", 2000)) + " moon";
        using HttpResponseMessage answer = await service.Client.PostAsJsonAsync("/api/v1/graphs/words/caption", new { text = caption });
        JsonElement words = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["sea"], words.GetProperty("known").EnumerateArray().Select(w => w.GetString()!));
        Assert.Equal(["moon"], words.GetProperty("unknown").EnumerateArray().Select(w => w.GetString()!));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await service.Client.PostAsJsonAsync("/api/v1/graphs/words/caption", new { text = new string('a', 10_001) })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Client.PostAsJsonAsync("/api/v1/graphs/words/caption", 5)).StatusCode);
    }

    [Fact]
    public async Task A_batch_has_one_mask_per_photo_or_one_hole_for_all()
    {
        await using RunningService service = await RunningService.StartAsync();
        using HttpResponseMessage holes = await service.Client.PostAsync(
            "/api/v1/inpaint/batch", RunningService.Form(("image", Photos.Png(1)), ("image", Photos.Png(2)), ("hole", "2,3,4,5")));
        string[] lines = (await holes.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.All(
            lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("result").GetProperty("hole")),
            hole => Assert.Equal(2, hole.GetProperty("x").GetInt32()));
        using HttpResponseMessage one = await service.Client.PostAsync(
            "/api/v1/inpaint/batch", RunningService.Form(("image", Photos.Png(1)), ("image", Photos.Png(2)), ("mask", Photos.Png(3))));
        Assert.Equal(HttpStatusCode.BadRequest, one.StatusCode);
        using HttpResponseMessage truth = await service.Client.PostAsync(
            "/api/v1/inpaint/batch", RunningService.Form(("image", Photos.Png(1)), ("truth", "yes")));
        Assert.Equal(HttpStatusCode.BadRequest, truth.StatusCode);
    }

    [Fact]
    public async Task Cross_origin_requests_are_allowed_for_configured_origins_only()
    {
        await using RunningService closed = await RunningService.StartAsync(), open = await RunningService.StartAsync(
            o => o with { Cors = ["https://example.org"] });
        Assert.Null(await Allowed(closed, "https://example.org"));
        Assert.Equal("https://example.org", await Allowed(open, "https://example.org"));
        Assert.Null(await Allowed(open, "https://example.com"));

        static async Task<string?> Allowed(RunningService service, string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/graphs");
            request.Headers.Add("Origin", origin);
            using HttpResponseMessage response = await service.Client.SendAsync(request);
            return response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? values) ? values.Single() : null;
        }
    }
}
