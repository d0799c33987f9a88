namespace Inpaint.Web;

/// <summary>What the service is started with.</summary>
internal sealed record ServiceOptions
{
    /// <summary>Where it listens. Default: loopback alone.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5080"];

    /// <summary>The folder with a folder for each graph; null for those that are found by name.</summary>
    public string? Graphs { get; init; }

    /// <summary>The graph that is taken where a request names none.</summary>
    public string Graph { get; init; } = "unet";

    /// <summary>The graph for requests with a mask that name none; null for <see cref="Graph"/>.</summary>
    public string? MaskGraph { get; init; } = "pushpull";

    /// <summary>A folder of photos for the page's gallery; null for scenes alone.</summary>
    public string? Samples { get; init; }

    /// <summary>The file of the page's blind votes.</summary>
    public string Votes { get; init; } = "votes.jsonl";

    /// <summary>What requests must bring as <c>X-Api-Key</c>; null for nothing.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Origins whose pages may ask.</summary>
    public IReadOnlyList<string> Cors { get; init; } = [];

    /// <summary>The device of all graphs.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads a graph; 0 for one a core.</summary>
    public int Workers { get; init; }

    /// <summary>Photos in one run of a graph at the most; 0 for what suits the device.</summary>
    public int BatchSize { get; init; }

    /// <summary>Largest body of a request, in bytes.</summary>
    public long MaxBody { get; init; } = 32L << 20;

    /// <summary>Bytes of all bodies that are being read or worked at.</summary>
    public long MaxBodies { get; init; } = 512L << 20;

    /// <summary>Largest photo, in pixels.</summary>
    public long MaxPixels { get; init; } = 25_000_000;

    /// <summary>Pixels of all photos that wait or are worked at, at the most; a photo alone may have more. A pixel is 4 bytes, or 8 where the fill is judged.</summary>
    public long MaxPendingPixels { get; init; } = 200_000_000;

    /// <summary>Names that the service may be called by beside those of <see cref="Urls"/>, as behind a proxy.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Photos that wait or are worked at, at the most.</summary>
    public int MaxPending { get; init; } = 256;

    /// <summary>Connections at once, at the most.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Bodies that are read at once, at the most.</summary>
    public int MaxUploads { get; init; } = 64;

    /// <summary>Photos in one batch request, at the most.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>Characters of a caption, at the most.</summary>
    public int MaxCaption { get; init; } = 10_000;

    /// <summary>The time that a request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the graphs' folder is looked at.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromMilliseconds(500);
}
