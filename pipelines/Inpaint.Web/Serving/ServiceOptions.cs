namespace Inpaint.Web.Serving;

/// <summary>The options of the service.</summary>
internal sealed record ServiceOptions
{
    /// <summary>Addresses to listen on. Default: the loopback interface only.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:5080"];

    /// <summary>Folder with one folder per graph; null for the default graph folders.</summary>
    public string? Graphs { get; init; }

    /// <summary>The graph for requests that name none.</summary>
    public string Graph { get; init; } = "unet";

    /// <summary>The graph for requests with a mask that name none; null for <see cref="Graph"/>.</summary>
    public string? MaskGraph { get; init; } = "pushpull";

    /// <summary>A folder or zip of photos for the gallery of the page; null for scenes only.</summary>
    public string? Samples { get; init; }

    /// <summary>The file of the votes cast on the page.</summary>
    public string Votes { get; init; } = "votes.jsonl";

    /// <summary>The key that requests must send as <c>X-Api-Key</c>; null for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Origins whose pages may call the API.</summary>
    public IReadOnlyList<string> Cors { get; init; } = [];

    /// <summary>Host names of the service besides those of <see cref="Urls"/>, such as the one of a proxy.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The device of all graphs.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads per graph; 0 for one per core.</summary>
    public int Workers { get; init; }

    /// <summary>Largest batch of a graph; 0 for the default of the device.</summary>
    public int BatchSize { get; init; }

    /// <summary>Largest request body, in bytes.</summary>
    public long MaxBody { get; init; } = 32L << 20;

    /// <summary>Largest sum of all request bodies in memory, in bytes.</summary>
    public long MaxBodies { get; init; } = 512L << 20;

    /// <summary>Largest photo, in pixels.</summary>
    public long MaxPixels { get; init; } = 25_000_000;

    /// <summary>Largest sum of decoded photos, in pixels of 4 bytes; a photo that is compared with its original counts twice.</summary>
    public long MaxPendingPixels { get; init; } = 200_000_000;

    /// <summary>Most photos that may be pending before requests are rejected.</summary>
    public int MaxPending { get; init; } = 256;

    /// <summary>Most simultaneous connections.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Most request bodies that are read at once.</summary>
    public int MaxUploads { get; init; } = 64;

    /// <summary>Most photos in a batch request.</summary>
    public int MaxBatch { get; init; } = 64;

    /// <summary>Longest caption, in characters.</summary>
    public int MaxCaption { get; init; } = 10_000;

    /// <summary>Longest time for a request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Interval at which the graph folders are checked for changes.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromMilliseconds(500);
}
