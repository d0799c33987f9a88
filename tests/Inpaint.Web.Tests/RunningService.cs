using Inpaint.TestSupport;
using Microsoft.AspNetCore.Builder;

namespace Inpaint.Web.Tests;

/// <summary>The service on a loopback port, with its own folder of graphs.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    /// <summary>The fill colors of the graphs <c>red</c> and <c>green</c>.</summary>
    public static readonly (byte R, byte G, byte B) Red = (255, 0, 51), Green = (0, 153, 0);

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;

    private RunningService(TemporaryFolder folder, WebApplication app)
    {
        (_folder, _app) = (folder, app);
        // Idle connections are closed soon, since tests count open handles.
        var handler = new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3) };
        Client = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Client { get; }

    public string Url => _app.Urls.First();

    public string GraphsFolder => _folder.File("graphs");

    public string VotesFile => _folder.File("votes.jsonl");

    /// <summary>Starts the service with the graphs red, green, words and pushpull.</summary>
    public static async Task<RunningService> StartAsync(Func<ServiceOptions, ServiceOptions>? change = null)
    {
        var folder = new TemporaryFolder();
        (string, GraphPackage)[] graphs =
            [("red", RedGraph()), ("green", GreenGraph()), ("words", Words()), ("pushpull", GraphPackage.Load("pushpull"))];
        foreach ((string name, GraphPackage graph) in graphs)
        {
            GraphOnDisk.Write(graph, folder.File($"graphs/{name}"));
        }

        var options = new ServiceOptions
        {
            Urls = "http://127.0.0.1:0",
            Graphs = folder.File("graphs"),
            Graph = "red",
            Votes = folder.File("votes.jsonl"),
            Execution = new() { Device = "cpu" },
            Watch = TimeSpan.FromMilliseconds(50),
        };
        WebApplication app = InpaintService.Build(change?.Invoke(options) ?? options);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var service = new RunningService(folder, app);
        await service.WaitUntil(async () => (await service.Client.GetAsync("/health/ready")).IsSuccessStatusCode, "the service is ready");
        return service;
    }

    public static GraphPackage RedGraph() => EvaluationGraphs.OneColour(1, 0, 0.2f);

    public static GraphPackage GreenGraph() => EvaluationGraphs.OneColour(0, 0.6f, 0);

    public static GraphPackage Words() => EvaluationGraphs.ColourOfWords([("sea", [0, 0, 1]), ("sun", [1, 1, 0])]);

    /// <summary>Waits until a condition holds.</summary>
    public async Task WaitUntil(Func<Task<bool>> condition, string what)
    {
        for (int i = 0; i < 600; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Fail($"Expected within 30 seconds: {what}.");
    }

    /// <summary>A form; fields of bytes are files.</summary>
    public static MultipartFormDataContent Form(params (string Name, object Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach ((string name, object value) in fields)
        {
            if (value is byte[] bytes)
            {
                form.Add(new ByteArrayContent(bytes), name, $"{name}.png");
            }
            else
            {
                form.Add(new StringContent((string)value), name);
            }
        }

        return form;
    }

    public Task<HttpResponseMessage> InpaintAsync(params (string Name, object Value)[] fields) =>
        Client.PostAsync("/api/v1/inpaint", Form(fields));

    /// <summary>The JSON response of a request that must succeed.</summary>
    public async Task<JsonElement> InpaintJsonAsync(params (string Name, object Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/inpaint") { Content = Form(fields) };
        request.Headers.Accept.ParseAdd("application/json");
        using HttpResponseMessage response = await Client.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
