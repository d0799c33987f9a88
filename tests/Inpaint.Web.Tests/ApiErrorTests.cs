using System.Net.Sockets;
using System.Text;

namespace Inpaint.Web.Tests;

/// <summary>Errors: status, code, and a message that contains the remedy but no paths.</summary>
public sealed class ApiErrorTests
{
    private static readonly byte[] Image = Photos.Png();
    private static readonly ExecutionOptions OneWorker = new() { Device = "cpu", Workers = 1 };

    private static byte[] WhiteMask(int side)
    {
        var mask = new Photo(side, side);
        mask.Pixels.Fill(255);
        return PhotoCodec.Encode(mask);
    }

    public static TheoryData<string, int, string, string> Forms => new()
    {
        { "nothing", 400, "bad_photo", "field 'image'" },
        { "unknown field", 400, "bad_request", "did you mean 'graph'" },
        { "hole as text", 400, "bad_mask", "x,y,width,height" },
        { "hole and mask", 400, "bad_mask", "one of them" },
        { "feather as text", 400, "bad_request", "an integer" },
        { "negative feather", 400, "bad_request", "0 to 4096" },
        { "unknown format", 400, "bad_request", "png, jpeg or webp" },
        { "setting of the graph", 400, "bad_request", "picture_side" },
        { "truth is not a boolean", 400, "bad_request", "true or false" },
        { "long caption", 400, "bad_caption", "at most 10,000" },
        { "unknown graph", 404, "unknown_graph", "did you mean 'green'" },
        { "a path", 404, "unknown_graph", "Available: " },
        { "photo is text", 422, "bad_photo", "not a picture" },
        { "truncated photo", 422, "bad_photo", "the image" },
        { "mask of another size", 422, "bad_mask", "32" },
        { "mask of the whole photo", 422, "bad_mask", "every pixel" },
        { "hole outside", 422, "bad_photo", "hole" },
        { "photo with too many pixels", 422, "bad_photo", "pixels" },
        { "empty mask", 400, "bad_mask", "white" },
        { "mask as text", 400, "bad_mask", "mask=@FILE" },
        { "photo as text", 400, "bad_photo", "image=@FILE" },
        { "caption as a file", 400, "bad_request", "expected text" },
        { "two masks", 400, "bad_request", "several fields 'mask'" },
        { "two graphs", 400, "bad_request", "several fields 'graph'" },
    };

    [Theory, MemberData(nameof(Forms))]
    public async Task Malformed_requests_are_answered_with_a_problem(string what, int status, string code, string message)
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { Decoding = new() { MaxPixels = 100_000 } });
        (string, object)[] fields = what switch
        {
            "nothing" => [("caption", "the sea")],
            "unknown field" => [("image", Image), ("grph", "red")],
            "hole as text" => [("image", Image), ("hole", "the middle")],
            "hole and mask" => [("image", Image), ("hole", "1,1,2,2"), ("mask", WhiteMask(64))],
            "feather as text" => [("image", Image), ("feather", "wide")],
            "negative feather" => [("image", Image), ("feather", "-1")],
            "unknown format" => [("image", Image), ("format", "gif")],
            "setting of the graph" => [("image", Image), ("picture_side", "64")],
            "truth is not a boolean" => [("image", Image), ("truth", "yes")],
            "long caption" => [("image", Image), ("caption", new string('a', 10_001))],
            "unknown graph" => [("image", Image), ("graph", "gren")],
            "a path" => [("image", Image), ("graph", "../../etc")],
            "photo is text" => [("image", Encoding.UTF8.GetBytes("a photo"))],
            "truncated photo" => [("image", Image[..(Image.Length / 2)])],
            "mask of another size" => [("image", Image), ("mask", WhiteMask(32))],
            "mask of the whole photo" => [("image", Image), ("mask", WhiteMask(64))],
            "hole outside" => [("image", Image), ("hole", "60,60,10,10")],
            "mask as text" => [("image", Image), ("mask", "mask.png")],
            "photo as text" => [("image", "photo.png")],
            "caption as a file" => [("image", Image), ("caption", Image)],
            "two masks" => [("image", Image), ("mask", WhiteMask(64)), ("mask", WhiteMask(64))],
            "two graphs" => [("image", Image), ("graph", "red"), ("graph", "green")],
            "photo with too many pixels" => [("image", Photos.Png(0, 512))],
            _ => [("image", Image), ("mask", Array.Empty<byte>())],
        };
        using HttpResponseMessage response = await service.InpaintAsync(fields);
        await AssertProblem(response, status, code, message, service);
    }

    [Fact]
    public async Task Other_bodies_and_routes_are_answered_with_a_problem()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { MaxBodyMiB = 1 });
        await AssertProblem(
            await service.Client.PostAsync("/api/v1/inpaint", new ByteArrayContent(Image)),
            415,
            "unsupported_media_type",
            "multipart/form-data",
            service);
        await AssertProblem(
            await service.Client.PostAsync("/api/v1/inpaint/batch", new StringContent("{}", Encoding.UTF8, "application/json")),
            415,
            "unsupported_media_type",
            "multipart/form-data",
            service);
        await AssertProblem(await service.InpaintAsync(("image", new byte[(1 << 20) + 1])), 413, "too_large", "bytes", service);
        await AssertProblem(await Json(service, """{"image": 5}"""), 400, "bad_request", "'image'", service);
        await AssertProblem(
            await Json(service, """{"image": "AAAA", "colour": 1}"""), 400, "bad_request", "unknown field 'colour'", service);
        await AssertProblem(await Json(service, "{"), 400, "bad_request", "JSON", service);
        await AssertProblem(
            await Json(service, """{"image": "AAAA", "hole": {"x": 1, "y": 1, "width": 0, "height": 4}}"""),
            400,
            "bad_mask",
            "1 or more",
            service);
        await AssertProblem(await service.Client.GetAsync("/api/v1/graphs/none"), 404, "unknown_graph", "Available: ", service);
        await AssertProblem(await service.Client.GetAsync("/api/v1/graphs/red/card"), 404, "no_card", "no card", service);
        await AssertProblem(await service.Client.GetAsync("/api/v1/samples/none"), 404, "unknown_sample", "samples", service);
        await AssertProblem(await service.Client.GetAsync("/api/v1/inpaint"), 405, "method_not_allowed", "GET", service);
        await AssertProblem(await service.Client.GetAsync("/api/v1/nothing"), 404, "not_found", "openapi", service);
        await AssertProblem(await service.Client.GetAsync("/api/v1/judge/pair?graphs=red"), 400, "bad_request", "at least two", service);
        await AssertProblem(
            await service.Client.PostAsJsonAsync("/api/v1/judge/votes", new { pair = "x", choice = "left" }),
            404,
            "unknown_pair",
            "not known",
            service);
        await AssertProblem(
            await service.Client.PostAsJsonAsync("/api/v1/judge/votes", new { choice = "left" }), 400, "bad_request", "JSON", service);
        await AssertProblem(
            await service.Client.PostAsync("/api/v1/judge/votes", new StringContent("{", Encoding.UTF8, "application/json")),
            400,
            "bad_request",
            "JSON",
            service);
        using var garbled = new ByteArrayContent(Encoding.UTF8.GetBytes("--x\r\nnothing of a form"));
        garbled.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        await AssertProblem(await service.Client.PostAsync("/api/v1/inpaint", garbled), 400, "bad_request", "form", service);
    }

    [Fact]
    public async Task Without_the_key_only_page_and_health_checks_are_accessible()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { ApiKey = "secret" });
        await AssertProblem(await service.InpaintAsync(("image", Image)), 401, "unauthorized", "X-Api-Key", service);
        await AssertProblem(await service.Client.GetAsync("/metrics"), 401, "unauthorized", "X-Api-Key", service);
        Assert.True((await service.Client.GetAsync("/health/live")).IsSuccessStatusCode);
        service.Client.DefaultRequestHeaders.Add("X-Api-Key", "secre");
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/api/v1/graphs")).StatusCode);
        service.Client.DefaultRequestHeaders.Remove("X-Api-Key");
        service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer secret");
        Assert.True((await service.InpaintAsync(("image", Image))).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("evil.example", null, null, 421, "unknown_host")]
    [InlineData(null, "http://evil.example", null, 403, "foreign_origin")]
    [InlineData(null, null, "cross-site", 403, "foreign_origin")]
    [InlineData(null, "null", "cross-site", 403, "foreign_origin")]
    public async Task Without_a_key_requests_of_foreign_pages_are_rejected(
        string? host, string? origin, string? site, int status, string code)
    {
        await using RunningService service = await RunningService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/graphs/red/reload");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        await AssertProblem(await service.Client.SendAsync(request), status, code, "Name", service);
    }

    [Fact]
    public async Task The_own_page_and_configured_origins_and_hosts_are_accepted()
    {
        await using RunningService service = await RunningService.StartAsync(
            o => o with { Cors = ["https://friend.example"], Hosts = ["photos.example"] });
        (string? Host, string Origin)[] accepted =
        [
            (null, service.Url),
            (null, "https://friend.example"),
            ("photos.example", "http://photos.example"),
            ("photos.example", "https://photos.example"),
            ("localhost", "http://localhost"),
        ];
        foreach ((string? host, string origin) in accepted)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/graphs/red/reload");
            request.Headers.Host = host;
            request.Headers.Add("Origin", origin);
            using HttpResponseMessage response = await service.Client.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, $"{host} {origin}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task An_empty_key_grants_no_access_and_is_a_usage_error()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { ApiKey = "" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Client.GetAsync("/api/v1/graphs")).StatusCode);
        var blank = new ServiceOptions { ApiKey = " ", Graphs = service.GraphsFolder, Graph = "red", Votes = service.VotesFile };
        Assert.Equal(2, await InpaintService.RunAsync(blank, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Too_many_photos_are_rejected_with_Retry_After()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { MaxPending = 1, Execution = OneWorker });
        byte[] large = Photos.Png(0, 2048);
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => service.InpaintAsync(("image", large))));
        HttpResponseMessage refused = answers.First(a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.Contains(answers, a => a.IsSuccessStatusCode);
        await AssertProblem(refused, 429, "busy", "Try again", service);
        Assert.True((await service.InpaintAsync(("image", Image))).IsSuccessStatusCode, "The capacity was not released.");
    }

    [Fact]
    public async Task A_photo_beyond_the_time_limit_is_a_gateway_timeout()
    {
        await using RunningService service = await RunningService.StartAsync(o => o with { TimeoutSeconds = 0.4, Execution = OneWorker });
        byte[] large = Photos.Png(0, 2048);
        // The connection may be closed while the body is still being sent.
        HttpResponseMessage?[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            try
            {
                return await service.InpaintAsync(("image", large));
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }));
        await AssertProblem(answers.First(a => a?.StatusCode == HttpStatusCode.GatewayTimeout)!, 504, "timeout", "in time", service);
    }

    [Fact]
    public async Task Disconnected_clients_release_their_uploads()
    {
        await using RunningService service = await RunningService.StartAsync();
        var address = new Uri(service.Url);
        for (int i = 0; i < 200; i++)
        {
            using var socket = new TcpClient(address.Host, address.Port);
            string head = $"POST /api/v1/inpaint HTTP/1.1\r\nHost: {address.Authority}\r\n"
                + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        }

        await service.WaitUntil(
            async () => (await service.Client.GetStringAsync("/metrics")).Split('\n').Any(
                l => l.StartsWith("inpaint_uploads", StringComparison.Ordinal) && l.EndsWith(" 0", StringComparison.Ordinal)),
            "all uploads have ended");
        Assert.True((await service.InpaintAsync(("image", Image))).IsSuccessStatusCode);
    }

    private static Task<HttpResponseMessage> Json(RunningService service, string body) =>
        service.Client.PostAsync("/api/v1/inpaint", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task AssertProblem(HttpResponseMessage response, int status, string code, string message, RunningService service)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        JsonElement problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Contains(message, problem.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(service.GraphsFolder, text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }
}
