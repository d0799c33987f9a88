using System.Globalization;
using Inpaint.CommandLine;
using Spectre.Console;

namespace Inpaint.Cli.Graphs;

/// <summary>A graph in the list.</summary>
/// <param name="Name">Its name for <c>--graph</c>.</param>
/// <param name="Folder">Its folder.</param>
internal sealed record GraphListRow(string Name, string Folder)
{
    /// <summary>The manifest's description.</summary>
    public string? Description { get; init; }

    /// <summary>The picture's size in words.</summary>
    public string? Size { get; init; }

    /// <summary>The hole in words.</summary>
    public string? Hole { get; init; }

    /// <summary>Words of the vocabulary; null for a graph without captions.</summary>
    public int? Captions { get; init; }

    /// <summary>Whether photos without a caption are rejected.</summary>
    public bool? CaptionRequired { get; init; }

    public long? Parameters { get; init; }

    /// <summary>Size of the graph's file.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 of that file.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The measured PSNR in the hole, in dB.</summary>
    public double? HolePsnr { get; init; }

    /// <summary>The dataset split that it was measured on.</summary>
    public string? Split { get; init; }

    /// <summary>Why it cannot be used; null if it can.</summary>
    public string? Error { get; init; }
}

/// <summary>What <c>graph list</c> prints as JSON.</summary>
internal sealed record GraphListing(IReadOnlyList<string> Folders, IReadOnlyList<GraphListRow> Graphs);

internal static class GraphList
{
    public static int Run(CommandCall call)
    {
        var listing = new GraphListing(
            GraphLocator.Folders(), [.. GraphLocator.Names().Select(name => Read(name, GraphLocator.Find(name)))]);
        if (call.Terminal.Json)
        {
            Terminal.WriteJson(listing);
            return ExitCode.Done;
        }

        if (listing.Graphs.Count == 0)
        {
            call.Terminal.Say($"No graphs: the current folder has no subfolder 'onnx', and {GraphLocator.EnvironmentVariable} is not set.");
            return ExitCode.Done;
        }

        Write(call.Terminal, listing);
        return ExitCode.Done;
    }

    private static GraphListRow Read(string name, string folder)
    {
        var row = new GraphListRow(name, folder);
        try
        {
            GraphFiles files = GraphFiles.Read(folder, folder);
            GraphManifest manifest = files.Manifest;
            var psnr = GraphWords.HolePsnr(manifest);
            row = row with
            {
                Description = manifest.Description,
                Size = GraphWords.Size(manifest.Size),
                Hole = GraphWords.Hole(manifest.Hole),
                Captions = manifest.Caption?.Vocabulary.Count,
                CaptionRequired = manifest.Caption?.Required,
                HolePsnr = psnr?.Psnr,
                Split = psnr?.Split,
                Bytes = files.Model.LongLength,
                Sha256 = files.Sha256,
            };
            row = row with { Parameters = GraphInspection.Inspect(
                files.Model, what: Path.Combine(folder, manifest.Graph.File)).Parameters };
            return files.HashAgrees ? row : row with { Error = $"{folder}: graph.sha256 is not that of {manifest.Graph.File}." };
        }
        catch (Exception e) when (e is InpaintException or IOException or UnauthorizedAccessException)
        {
            return row with { Error = e.Message };
        }
    }

    private static void Write(Terminal terminal, GraphListing listing)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("graph", "size", "hole", "captions");
        table.AddColumn(new TableColumn("parameters").RightAligned()).AddColumn(new TableColumn("hole_psnr").RightAligned());
        foreach (GraphListRow row in listing.Graphs)
        {
            string captions = row.Captions is { } words
                ? string.Create(CultureInfo.InvariantCulture, $"{words:N0} words{(row.CaptionRequired == true ? ", required" : "")}")
                : row.Size is null ? "" : "none";
            table.AddRow(
                $"[bold]{Markup.Escape(row.Name)}[/]",
                Markup.Escape(row.Size ?? ""),
                Markup.Escape(row.Hole ?? ""),
                Markup.Escape(captions),
                row.Parameters?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
                row.HolePsnr is { } psnr ? Markup.Escape($"{psnr.ToString("0.00", CultureInfo.InvariantCulture)} ({row.Split})") : "–");
        }

        terminal.Data.Write(table);
        foreach (GraphListRow row in listing.Graphs.Where(r => r.Error is not null))
        {
            terminal.Warn($"{row.Name}: {row.Error}");
        }
    }
}
