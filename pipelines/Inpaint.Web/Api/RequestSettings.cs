namespace Inpaint.Web.Api;

/// <summary>The settings of a request, each a field of the form and of the JSON object.</summary>
internal sealed record RequestSettings
{
    // These are fixed when a graph is loaded.
    private static readonly string[] PerGraph = ["picture_side", "caption_combination", "region"];

    /// <summary>All settings, in the order of the documentation.</summary>
    public static IReadOnlyList<Setting> All { get; } = [.. Setting.Of<RequestSettings>().Where(s => !PerGraph.Contains(s.Key))];

    /// <summary>The graph. Default: the one of the service.</summary>
    [Setting("Name of the graph. Default: the graph of the service, or its graph for masks.", Placeholder = "NAME")]
    public string? Graph { get; init; }

    /// <summary>Whether the photo is complete, so that the fill can be measured. Default no.</summary>
    [Setting("Whether the photo is complete, to measure the fill against the pixels that the hole hides.")]
    public bool Truth { get; init; }

    /// <summary>How the hole is filled.</summary>
    public FillOptions Fill { get; init; } = FillOptions.Default;

    /// <summary>What is returned.</summary>
    public OutputOptions Output { get; init; } = OutputOptions.Default;
}
