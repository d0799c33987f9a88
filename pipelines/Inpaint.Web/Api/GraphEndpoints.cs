using Inpaint.Captions;
using Inpaint.Evaluation;
using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Onnx.Inpainting;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Mvc;

namespace Inpaint.Web.Api;

/// <summary>What graphs there are, and what each wants and gives.</summary>
internal static class GraphEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/graphs", All).WithName("graphs").WithSummary("All graphs").Produces<GraphList>();
        api.MapGet("/graphs/{name}", One).WithName("graph").WithSummary("One graph").Produces<GraphInfo>().WithProblems(404, 409);
        api.MapGet("/graphs/{name}/caption", Caption).WithName("graph_caption").WithSummary("Which words of a caption a graph knows").Produces<CaptionWords>().WithProblems(400, 404, 409);
        api.MapPost("/graphs/{name}/caption", PostedCaption).WithName("graph_caption_posted").WithSummary("The same for a caption of any length").Accepts<CaptionRequest>("application/json").Produces<CaptionWords>().WithProblems(400, 404, 409, 415).DisableAntiforgery();
        api.MapGet("/graphs/{name}/card", Card).WithName("graph_card").WithSummary("The graph's card, in Markdown").Produces<string>(StatusCodes.Status200OK, "text/markdown").WithProblems(404);
        api.MapGet("/graphs/{name}/sheet", Sheet).WithName("graph_sheet").WithSummary("Scenes that the graph completed").Produces(StatusCodes.Status200OK, contentType: "image/png").WithProblems(404);
        api.MapPost("/graphs/{name}/reload", Reload).WithName("reload").WithSummary("Takes the graph's files on disk into use").WithDescription("Checked, loaded and tried on a known picture first; what is refused changes nothing.").Produces<GraphInfo>().WithProblems(404, 409).DisableAntiforgery();
    }

    private static IResult All([FromServices] GraphHost host, [FromServices] GraphShelf shelf, [FromServices] ServiceOptions options)
    {
        return Results.Json(new GraphList(options.Graph, options.MaskGraph, [.. host.Names.Select(name => GraphInfo.Of(name, host.StateOf(name), shelf))]), ApiJson.Options);
    }

    private static IResult One(string name, [FromServices] GraphHost host, [FromServices] GraphShelf shelf)
    {
        return host.Names.Contains(name)
            ? Results.Json(GraphInfo.Of(name, host.StateOf(name), shelf), ApiJson.Options)
            : throw Unknown(name, host);
    }

    private static async Task<IResult> Caption(string name, string? text, [FromServices] GraphHost host, [FromServices] ServiceOptions options, CancellationToken cancellation)
    {
        InpaintRequest.CheckCaption(text, options);
        ServedGraph graph = await host.GetAsync(name, cancellation);
        return Results.Json(graph.Captions is { } captions ? CaptionWords.Of(captions, text ?? "") : new CaptionWords([], []), ApiJson.Options);
    }

    private static async Task<IResult> PostedCaption(string name, HttpRequest request, [FromServices] GraphHost host, [FromServices] ServiceOptions options, CancellationToken cancellation)
    {
        CaptionRequest caption = await JsonBody.ReadAsync<CaptionRequest>(request, "{\"text\": \"...\"}", cancellation);
        return await Caption(name, caption.Text, host, options, cancellation);
    }

    private static IResult Card(string name, [FromServices] GraphHost host, [FromServices] GraphShelf shelf) =>
        shelf.FileOf(name, "README.md") is { } file ? Results.File(file, "text/markdown; charset=utf-8") : throw NoFile(name, "card", host);

    private static IResult Sheet(string name, [FromServices] GraphHost host, [FromServices] GraphShelf shelf) =>
        shelf.FileOf(name, "sheet.png") is { } file ? Results.File(file, "image/png") : throw NoFile(name, "sheet", host);

    private static async Task<IResult> Reload(string name, [FromServices] GraphHost host, [FromServices] GraphShelf shelf, CancellationToken cancellation)
    {
        await host.ReloadAsync(name, cancellation);
        return Results.Json(GraphInfo.Of(name, host.StateOf(name), shelf), ApiJson.Options);
    }

    private static ServiceException NoFile(string name, string what, GraphHost host) =>
        host.Names.Contains(name) ? new ServiceException(StatusCodes.Status404NotFound, $"no_{what}", $"The graph '{name}' has no {what}.") : Unknown(name, host);

    private static ServiceException Unknown(string name, GraphHost host) =>
        ServiceException.UnknownGraph($"There is no graph '{(name.Length <= 60 ? name : name[..60] + "...")}'. There are: {string.Join(", ", host.Names)}.");
}

/// <summary>A caption to look words up in.</summary>
internal sealed record CaptionRequest(string? Text);

/// <summary>All graphs.</summary>
/// <param name="Default">The one that is taken where a request names none.</param>
/// <param name="DefaultMask">The one that is taken for a mask.</param>
/// <param name="Graphs">Each of them.</param>
internal sealed record GraphList(string Default, string? DefaultMask, IReadOnlyList<GraphInfo> Graphs);

/// <summary>A graph as clients see it.</summary>
internal sealed record GraphInfo
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>SHA-256 of the graph that serves, or of the one on disk where none is loaded.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether it is in memory.</summary>
    public required bool Loaded { get; init; }

    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>Where it runs; left out where it is not loaded.</summary>
    public string? Provider { get; init; }

    /// <summary>Why the files on disk were refused last; left out where they were not.</summary>
    public string? Refused { get; init; }

    public SizeContract? Size { get; init; }

    public HoleContract? Hole { get; init; }

    public IReadOnlyList<InputContract>? Inputs { get; init; }

    public OutputContract? Output { get; init; }

    public CaptionInfo? Caption { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Scores { get; init; }

    public string? Licence { get; init; }

    /// <summary>Whether there is a card.</summary>
    public required bool HasCard { get; init; }

    /// <summary>Whether there is a sheet of scenes.</summary>
    public required bool HasSheet { get; init; }

    /// <summary>What is known of a graph: of the one that serves, else of the one on disk.</summary>
    public static GraphInfo Of(string name, GraphState? state, GraphShelf shelf)
    {
        ServedGraph? served = state?.Current;
        string? refused = state?.Refused;
        GraphManifest? manifest = served?.Manifest;
        if (manifest is null)
        {
            try
            {
                manifest = GraphPackage.ReadManifest(File.ReadAllBytes(shelf.FileOf(name, GraphManifest.FileName)!), $"{name}/{GraphManifest.FileName}");
            }
            catch (Exception e) when (e is ManifestException or IOException or UnauthorizedAccessException or ArgumentNullException)
            {
                refused ??= e is ManifestException ? e.Message : $"{name}: its manifest cannot be read.";
            }
        }

        return new GraphInfo
        {
            Name = name,
            Description = manifest?.Description,
            Sha256 = manifest?.Graph.Sha256,
            Loaded = served is not null,
            LoadedAt = served?.LoadedAt,
            Provider = served?.Provider,
            Refused = refused,
            Size = manifest?.Size,
            Hole = manifest?.Hole,
            Inputs = manifest?.Inputs,
            Output = manifest?.Output,
            Caption = manifest?.Caption is { } caption ? new CaptionInfo(caption.Required, caption.Encoding, caption.Combine, caption.Vocabulary.Count) : null,
            Scores = manifest?.Scores,
            Licence = manifest?.Provenance?.Licence,
            HasCard = shelf.FileOf(name, "README.md") is not null,
            HasSheet = shelf.FileOf(name, "sheet.png") is not null,
        };
    }
}

/// <summary>What a graph does with captions.</summary>
internal sealed record CaptionInfo(bool Required, CaptionEncoding Encoding, CaptionCombination Combine, int VocabularySize);
