namespace Inpaint.Web.Serving;

/// <summary>The options and limits of the service.</summary>
internal sealed record ServiceOptions
{
    [Setting("Addresses to listen on, separated by ';'. The default is reachable from this machine only.", Placeholder = "URLS")]
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    [Setting("Folder with one folder per graph. Default: the graphs of the repository, or beside the program.", Placeholder = "DIR")]
    public string? Graphs { get; init; }

    [Setting("Graph for requests that name none.", Placeholder = "NAME")]
    public string Graph { get; init; } = "fill";

    [Setting("Dataset of photos for the gallery of the page, such as a folder or a zip file.", Placeholder = "PATH")]
    public string? Samples { get; init; }

    [Setting("File of the votes cast on the page.", Placeholder = "FILE")]
    public string Votes { get; init; } = "votes.jsonl";

    [Setting("Key that requests send as X-Api-Key. Prefer the environment variable INPAINT_API_KEY.", Placeholder = "KEY")]
    public string? ApiKey { get; init; }

    /// <summary>Origins whose pages may call the API.</summary>
    public IReadOnlyList<string> Cors { get; init; } = [];

    /// <summary>Host names of the service besides those of <see cref="Urls"/>, such as the one of a proxy.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>How graphs run; <see cref="TimeoutSeconds"/> is also the time limit of a run.</summary>
    public ExecutionOptions Execution { get; init; } = ExecutionOptions.Default;

    /// <summary>How photos are decoded.</summary>
    public PhotoDecodingOptions Decoding { get; init; } = PhotoDecodingOptions.Default;

    [Setting("Largest request body, in MiB.", Key = "max_body", Min = 1, Max = 1 << 20)]
    public int MaxBodyMiB { get; init; } = 32;

    [Setting("Largest sum of all request bodies in memory, in MiB.", Key = "max_bodies", Min = 1, Max = 1 << 20)]
    public int MaxBodiesMiB { get; init; } = 512;

    /// <summary>
    /// Default: 200 megapixels, or what a third of the memory that the process may use can hold. See <see cref="PixelsOf"/>.
    /// </summary>
    [Setting("Largest sum of photos in memory, in pixels of 4 bytes; photos that need more are rejected.", Min = 1)]
    public long MaxPendingPixels { get; init; } = Math.Min(200_000_000, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 12);

    [Setting("Most photos that may be pending before requests are rejected (429).", Min = 1)]
    public int MaxPending { get; init; } = 256;

    [Setting("Most simultaneous connections.", Min = 1)]
    public int MaxConnections { get; init; } = 1024;

    [Setting("Most request bodies that are read at once.", Min = 1)]
    public int MaxUploads { get; init; } = 64;

    [Setting("Most photos in a batch request.", Min = 1)]
    public int MaxBatch { get; init; } = 64;

    [Setting("Longest caption, in characters.", Min = 1)]
    public int MaxCaption { get; init; } = 10_000;

    [Setting("Longest time for a request, in seconds.", Key = "timeout", Min = 0.001, Max = 86_400)]
    public double TimeoutSeconds { get; init; } = 60;

    /// <summary>Interval at which the graph folders are checked for changes.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The pixels of 4 bytes that are in memory while a photo is completed: those of the photo and, encoded, of its result; those of its
    /// mask; and those that its fill is measured against.
    /// </summary>
    public static long PixelsOf(long photo, bool hasMask, bool isMeasured) => photo * (2 + (hasMask ? 1 : 0) + (isMeasured ? 1 : 0));

    /// <summary>The addresses of <see cref="Urls"/>.</summary>
    public string[] Addresses => Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary><see cref="MaxBodyMiB"/> in bytes.</summary>
    public long MaxBodyBytes => (long)MaxBodyMiB << 20;

    /// <summary><see cref="MaxBodiesMiB"/> in bytes.</summary>
    public long MaxBodiesBytes => (long)MaxBodiesMiB << 20;
}
