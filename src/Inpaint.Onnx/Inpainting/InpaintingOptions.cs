using Inpaint.Captions;
using System.Text.Json.Serialization;
using Inpaint.Graphs;
using Inpaint.Holes;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>What becomes of a row that cannot be completed.</summary>
public enum OnError
{
    /// <summary>The pass ends with an error that names row and file.</summary>
    Fail,

    /// <summary>The row has no picture but a status and a message, and the pass goes on.</summary>
    Row,
}

/// <summary>How much of the photo comes back.</summary>
public enum CompletedExtent
{
    /// <summary>The whole photo at its own size: outside the hole every pixel is the decoded input's.</summary>
    Photo,

    /// <summary>Only the graph's window at the graph's size (64x64, say). Large JPEGs are decoded at a reduced scale for it.</summary>
    Window,
}

/// <summary>In which form a completed photo comes back.</summary>
public enum CompletedForm
{
    /// <summary>Pixels in memory.</summary>
    Image,

    /// <summary>The bytes of a PNG file.</summary>
    Png,

    /// <summary>The bytes of a JPEG file.</summary>
    Jpeg,

    /// <summary>The bytes of a WebP file.</summary>
    Webp,
}

/// <summary>Whether a saved pipeline holds its graph or names it.</summary>
public enum GraphStorage
{
    /// <summary>Graph and manifest travel in the saved file.</summary>
    Embed,

    /// <summary>The saved file names the graph as it was given; replacing the graph's files replaces the graph.</summary>
    Reference,
}

/// <summary>How photos are completed. Every setting, except the two hooks, is kept when a pipeline is saved.</summary>
public sealed record InpaintingOptions
{
    /// <summary>The defaults.</summary>
    public static InpaintingOptions Default { get; } = new();

    /// <summary><c>cpu</c>, <c>cuda:N</c> or <c>auto</c>: CUDA where it is there, else the CPU. Default <c>auto</c>.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Whether a device that is not there becomes the CPU, with a warning, rather than an error. Default no.</summary>
    public bool Fallback { get; init; }

    /// <summary>Photos scored in one run. Default 0: 8 on a CPU, 64 on a GPU. A graph with a fixed batch size overrides it.</summary>
    public int BatchSize { get; init; }

    /// <summary>Batches under way at once, each with one thread inside the graph. Default 0: one a core.</summary>
    public int Workers { get; init; }

    /// <summary>Longest time for one run of the graph, in seconds. Default 300.</summary>
    public double DeadlineSeconds { get; init; } = 300;

    /// <summary>What becomes of a row that cannot be completed. Default: the pass ends.</summary>
    public OnError OnError { get; init; } = OnError.Fail;

    /// <summary>Pixels over which the fill is blended into the photo, inside the hole. Default 0: not at all.</summary>
    public int Feather { get; init; }

    /// <summary>Which colour of a mask picture is the hole. Default white.</summary>
    public MaskPolarity MaskPolarity { get; init; } = MaskPolarity.WhiteIsHole;

    /// <summary>Whether every connected part of a mask gets a window of its own, where the windows do not overlap. Default yes.</summary>
    public bool WindowPerComponent { get; init; } = true;

    /// <summary>The whole photo or the graph's window alone. Default the photo.</summary>
    public CompletedExtent Extent { get; init; } = CompletedExtent.Photo;

    /// <summary>Pixels in memory or the bytes of a picture file. Default pixels.</summary>
    public CompletedForm Form { get; init; } = CompletedForm.Image;

    /// <summary>Quality of JPEG and WebP, 1 to 100. Default 92.</summary>
    public int Quality { get; init; } = 92;

    /// <summary>Largest photo that is decoded, in pixels. Default 100,000,000.</summary>
    public long MaxPixels { get; init; } = PhotoDecodingOptions.Default.MaxPixels;

    /// <summary>The colour behind transparent pixels, <c>#rrggbb</c>. Default white.</summary>
    public string Background { get; init; } = "#ffffff";

    /// <summary>The folder that relative paths of photos and masks start from. Default null: the working folder.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// For graphs of any size: the side of the square picture that a window is scaled to. Default null: the whole photo at its own size.
    /// </summary>
    public int? PictureSide { get; init; }

    /// <summary>Whether a saved pipeline holds the graph or names it. Default holds.</summary>
    public GraphStorage Storage { get; init; } = GraphStorage.Embed;

    /// <summary>How several captions of a photo are combined; null for the manifest's own rule.</summary>
    public CaptionCombination? CaptionCombination { get; init; }

    /// <summary>Changes ONNX Runtime's options last, for any other execution provider. Not saved.</summary>
    [JsonIgnore]
    public Action<SessionOptions>? ConfigureSession { get; init; }

    /// <summary>Told of warnings, such as a fallback. Not saved.</summary>
    [JsonIgnore]
    public Action<string>? Warn { get; init; }

    /// <summary><see cref="Workers"/>, with 0 settled on the machine's cores.</summary>
    internal int WorkerCount => Workers > 0 ? Workers : Environment.ProcessorCount;

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public InpaintingOptions Validated()
    {
        _ = GraphDevice.Resolve(Device, fallback: true, providers: ["CUDAExecutionProvider"]);
        Require(BatchSize is >= 0 and <= 4096, nameof(BatchSize), BatchSize, "0 (as the device likes) to 4096");
        Require(Workers is >= 0 and <= 1024, nameof(Workers), Workers, "0 (one a core) to 1024");
        Require(DeadlineSeconds is > 0 and <= 86_400, nameof(DeadlineSeconds), DeadlineSeconds, "more than 0, at most 86400");
        Require(Feather is >= 0 and <= 4096, nameof(Feather), Feather, "0 to 4096");
        Require(Quality is >= 1 and <= 100, nameof(Quality), Quality, "1 to 100");
        Require(PictureSide is null or (>= 1 and <= 16384), nameof(PictureSide), PictureSide, "1 to 16384");
        Require(MaxPixels >= 1, nameof(MaxPixels), MaxPixels, "1 or more");
        Require(CaptionCombination is not Inpaint.Captions.CaptionCombination.Each, nameof(CaptionCombination), CaptionCombination, "union or first: a row has one fill; give each caption a row of its own instead");
        _ = ParseColour(Background);
        return this;
    }

    /// <summary>How photos are decoded under these options.</summary>
    public PhotoDecodingOptions ToDecoding() => new() { MaxPixels = MaxPixels, Background = ParseColour(Background) };

    /// <summary>How the graph is run under these options.</summary>
    public GraphSessionOptions ToSession() => new()
    {
        Device = Device,
        Fallback = Fallback,
        Deadline = TimeSpan.FromSeconds(DeadlineSeconds),
        Configure = ConfigureSession,
        Warn = Warn,
    };

    /// <summary>The photo as a picture file of <see cref="Form"/> and <see cref="Quality"/>.</summary>
    /// <exception cref="InvalidOperationException">The form is <see cref="CompletedForm.Image"/>.</exception>
    public byte[] Encode(Photo photo) => PhotoCodec.Encode(
        photo,
        Form switch
        {
            CompletedForm.Png => PhotoFormat.Png,
            CompletedForm.Jpeg => PhotoFormat.Jpeg,
            CompletedForm.Webp => PhotoFormat.Webp,
            _ => throw new InvalidOperationException("Pixels in memory are no file; ask for Png, Jpeg or Webp."),
        },
        Quality);

    private static void Require(bool condition, string name, object? found, string expected)
    {
        if (!condition)
        {
            throw new ArgumentException($"{name} is {found}; expected {expected}.", name);
        }
    }

    private static (byte Red, byte Green, byte Blue) ParseColour(string text) =>
        text.Length == 7 && text[0] == '#' && uint.TryParse(text.AsSpan(1), System.Globalization.NumberStyles.HexNumber, null, out uint rgb)
            ? ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : throw new ArgumentException($"Background is '{text}'; expected #rrggbb, such as #ffffff.", nameof(text));
}
