namespace Inpaint.Hosting;

/// <summary>One graph of a service.</summary>
public sealed class InpaintingServiceOptions
{
    /// <summary>The graph by name or folder, such as <c>onnx/membrane</c>. Required without <see cref="Package"/>.</summary>
    public string? Graph { get; set; }

    /// <summary>The graph itself, instead of <see cref="Graph"/>.</summary>
    public GraphPackage? Package { get; set; }

    /// <summary>
    /// How photos are completed. <see cref="ExecutionOptions.Workers"/> is the number of photos that are completed at once; further calls
    /// wait, in order. Default: as many as there are cores.
    /// </summary>
    public InpaintingOptions Inpainting { get; set; } = InpaintingOptions.Default;

    /// <summary>
    /// Whether the graph is loaded and run once before the host has started; an error stops the start. Default true. Otherwise the first
    /// call loads it.
    /// </summary>
    public bool WarmUp { get; set; } = true;
}
