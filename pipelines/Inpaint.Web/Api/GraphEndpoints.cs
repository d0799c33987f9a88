using Inpaint.Web.Serving;

namespace Inpaint.Web.Api;

/// <summary>A caption whose words are looked up.</summary>
internal sealed record CaptionRequest(string? Text);

/// <summary>The routes of the graphs.</summary>
internal static class GraphEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder graphs = api.MapGroup("/graphs"), graph = graphs.MapGroup("/{name}");
        graphs.MapGet("", (GraphHost host, GraphFolders folders, ServiceOptions options) =>
                new ServedGraphList(options.Graph, [.. host.Names.Select(name => GraphInfo.Of(name, host, folders))]))
            .WithName("graphs")
            .WithSummary("All graphs");
        graph.MapGet("", (string name, GraphHost host, GraphFolders folders) =>
            {
                host.RequireExists(name);
                return GraphInfo.Of(name, host, folders);
            })
            .WithName("graph")
            .WithSummary("One graph")
            .WithProblems(404, 409);
        graph.MapGet("/caption", CaptionAsync)
            .WithName("graph_caption")
            .WithSummary("Which words of a caption a graph knows")
            .WithProblems(400, 404, 409);
        graph.MapPost("/caption", PostedCaptionAsync)
            .WithName("graph_caption_posted")
            .WithSummary("Which words of a long caption a graph knows")
            .Accepts<CaptionRequest>(RequestBody.Json)
            .WithProblems(400, 404, 409, 415);
        graph.MapGet("/card", (string name, GraphHost host, GraphFolders folders) =>
                File(name, host, folders, ErrorKind.NoCard, "README.md", "text/markdown; charset=utf-8"))
            .WithName("graph_card")
            .WithSummary("The model card of a graph, in Markdown")
            .Produces<string>(StatusCodes.Status200OK, "text/markdown")
            .WithProblems(404);
        graph.MapGet("/sheet", (string name, GraphHost host, GraphFolders folders) =>
                File(name, host, folders, ErrorKind.NoSheet, "sheet.png", "image/png"))
            .WithName("graph_sheet")
            .WithSummary("Scenes completed by a graph")
            .Produces<byte[]>(StatusCodes.Status200OK, "image/png")
            .WithProblems(404);
        graph.MapPost("/reload", async (string name, GraphHost host, GraphFolders folders, CancellationToken cancellation) =>
            {
                await host.ReloadAsync(name, cancellation);
                return GraphInfo.Of(name, host, folders);
            })
            .WithName("reload")
            .WithSummary("Replaces a graph with its files on disk")
            .WithDescription("The files are checked, loaded and tested on a known photo first; rejected files change nothing.")
            .WithProblems(404, 409);
    }

    private static async Task<KnownWords> CaptionAsync(
        string name, string? text, GraphHost host, ServiceOptions options, CancellationToken cancellation)
    {
        InpaintRequest.CheckCaption(text, options);
        ServedGraph graph = await host.GetAsync(name, cancellation);
        return graph.Captions is { } captions ? KnownWords.Of(captions, text ?? "") : new KnownWords([], []);
    }

    private static async Task<KnownWords> PostedCaptionAsync(
        string name, HttpRequest request, GraphHost host, ServiceOptions options, CancellationToken cancellation)
    {
        CaptionRequest caption = await RequestBody.ReadJsonAsync<CaptionRequest>(request, "{\"text\": \"...\"}", cancellation);
        return await CaptionAsync(name, caption.Text, host, options, cancellation);
    }

    private static IResult File(string name, GraphHost host, GraphFolders folders, ErrorKind missing, string file, string type)
    {
        host.RequireExists(name);
        return folders.FileOf(name, file) is { } path
            ? Results.File(path, type)
            : throw new ServiceException(missing, $"The graph '{name}' has {missing.Code.Replace('_', ' ')}.");
    }
}
