using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.Json;
using Inpaint.Captions;
using Inpaint.Json;
using Inpaint.Photos;

namespace Inpaint.Graphs;

/// <summary>
/// Describes a graph's inputs and outputs (<c>model.json</c>). Everything that differs between inpainting graphs is specified here, so that
/// graphs are exchangeable.
/// </summary>
public sealed record GraphManifest
{
    /// <summary>The name of the manifest file, next to the graph.</summary>
    public const string FileName = "model.json";

    /// <summary>The version that this library writes, and the newest that it knows completely.</summary>
    public const int CurrentVersion = 2;

    /// <summary>
    /// The version of the manifest's keys, 1 or more. Every release that adds a key increments it. A reader that knows the version rejects
    /// unknown keys; an older reader ignores them if <see cref="MinVersion"/> permits.
    /// </summary>
    public required int Version { get; init; }

    /// <summary>The oldest reader version that uses the graph correctly; keys that must not be ignored raise it. Default 1.</summary>
    public int MinVersion { get; init; } = 1;

    /// <summary>The graph's name.</summary>
    public required string Name { get; init; }

    /// <summary>A one-sentence description.</summary>
    public string? Description { get; init; }

    /// <summary>The ONNX file and its hash.</summary>
    public required GraphFileContract Graph { get; init; }

    /// <summary>The size of the graph's picture.</summary>
    public required SizeContract Size { get; init; }

    /// <summary>The pixels that the graph fills.</summary>
    public required HoleContract Hole { get; init; }

    /// <summary>All inputs of the graph.</summary>
    public required IReadOnlyList<InputContract> Inputs { get; init; }

    /// <summary>The picture output.</summary>
    public required OutputContract Output { get; init; }

    /// <summary>How captions are encoded; required if an input has the part <c>caption</c>.</summary>
    public CaptionContract? Caption { get; init; }

    /// <summary>The origin of the graph.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>The results of <c>inpaint evaluate</c>, by split and metric: <c>scores["test"]["hole_mse"]</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Scores { get; init; }

    private const DynamicallyAccessedMemberTypes Constructors = DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    /// <summary>Parses and validates a manifest.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="what">The manifest's name in error messages, such as its path.</param>
    /// <exception cref="ManifestException">The text is not a valid manifest; the message lists every problem.</exception>
    [DynamicDependency(Constructors, typeof(GraphManifest))]
    [DynamicDependency(Constructors, typeof(GraphFileContract))]
    [DynamicDependency(Constructors, typeof(SizeContract))]
    [DynamicDependency(Constructors, typeof(HoleContract))]
    [DynamicDependency(Constructors, typeof(InputContract))]
    [DynamicDependency(Constructors, typeof(InputPart))]
    [DynamicDependency(Constructors, typeof(OutputContract))]
    [DynamicDependency(Constructors, typeof(Provenance))]
    [DynamicDependency(Constructors, typeof(CaptionContract))]
    [DynamicDependency(Constructors, typeof(CaptionRules))]
    public static GraphManifest Parse(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            var manifest = StrictJson.Read<GraphManifest>(json, what, IsNewer, ManifestJson.Default);
            ManifestValidator.Validate(manifest, what);
            return manifest;
        }
        catch (StrictJsonException e)
        {
            throw new ManifestException(e.Message, e);
        }
    }

    /// <summary>The manifest as indented UTF-8 text, without keys that have default values.</summary>
    public byte[] ToJson() => StrictJson.Write(this, omitDefaults: true, ManifestJson.Default);

    private static bool IsNewer(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("version", out JsonElement version)
        && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number > CurrentVersion;
}

/// <summary>The ONNX file of a manifest.</summary>
public sealed record GraphFileContract
{
    /// <summary>The file's name, without folders; it is next to the manifest. Default <c>model.onnx</c>.</summary>
    public string File { get; init; } = "model.onnx";

    /// <summary>The SHA-256 of the file, 64 hexadecimal digits. A graph whose hash differs is not used.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The operator set of the default domain; if specified, checked against the graph.</summary>
    public int? Opset { get; init; }
}

/// <summary>
/// The size of the graph's picture: fixed (<see cref="Height"/> and <see cref="Width"/>), or any multiple of <see cref="MultipleOf"/>.
/// </summary>
public sealed record SizeContract
{
    /// <summary>Rows, if fixed.</summary>
    public int? Height { get; init; }

    /// <summary>Columns, if fixed.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// For dynamic sizes: both sides are multiples of this. Windows are enlarged within the photo; a photo that is too small is padded with
    /// its edge pixels. Default 1.
    /// </summary>
    public int MultipleOf { get; init; } = 1;

    /// <summary>For dynamic sizes: windows with a longer side are scaled down for the graph. Default 4096.</summary>
    public int MaxSide { get; init; } = 4096;

    /// <summary>
    /// For dynamic sizes: the memory of a run in bytes per pixel of the graph's picture, with inputs and output, as <c>inpaint graph
    /// check</c> measures it for a picture of about a megapixel. Windows that need more memory than allowed are rejected. Default null:
    /// unknown; about a kilobyte is assumed to decide how many runs are concurrent, and no window is rejected.
    /// </summary>
    public int? BytesPerPixel { get; init; }

    /// <summary>Whether height and width are fixed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFixed => Height is not null && Width is not null;
}

/// <summary>Whether a graph always fills the same rectangle, or any mask.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<HoleKind>))]
public enum HoleKind
{
    /// <summary>Always the same rectangle of the graph's picture.</summary>
    Fixed,

    /// <summary>Any pixels, specified by a mask input.</summary>
    Free,
}

/// <summary>The pixels that a graph fills.</summary>
public sealed record HoleContract
{
    /// <summary>Fixed or free.</summary>
    public required HoleKind Kind { get; init; }

    /// <summary>First hidden column, for a fixed hole.</summary>
    public int? X { get; init; }

    /// <summary>First hidden row, for a fixed hole.</summary>
    public int? Y { get; init; }

    /// <summary>Hidden columns, for a fixed hole.</summary>
    public int? Width { get; init; }

    /// <summary>Hidden rows, for a fixed hole.</summary>
    public int? Height { get; init; }

    /// <summary>
    /// For a free hole and a dynamic size: the margin of the photo that the graph sees on each side of the hole's bounding box, as a
    /// multiple of its longer side, 0 to 64. The margin is at least 64 pixels. Default 1.
    /// </summary>
    public double Context { get; init; } = 1;

    /// <summary>The fixed hole as a rectangle.</summary>
    /// <exception cref="InvalidOperationException">The hole is free.</exception>
    public PixelRect ToRect() => Kind == HoleKind.Fixed
        ? new PixelRect(X!.Value, Y!.Value, Width!.Value, Height!.Value)
        : throw new InvalidOperationException("A free hole has no rectangle.");
}

/// <summary>The element type of a tensor.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ElementType>))]
public enum ElementType
{
    /// <summary>32-bit float.</summary>
    Float32,

    /// <summary>16-bit float.</summary>
    Float16,

    /// <summary>Unsigned byte.</summary>
    Uint8,
}

/// <summary>The order of a picture tensor's axes.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<TensorLayout>))]
public enum TensorLayout
{
    /// <summary>Batch, channel, row, column.</summary>
    Nchw,

    /// <summary>Batch, row, column, channel.</summary>
    Nhwc,
}

/// <summary>The order of the colour channels.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ChannelOrder>))]
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}

/// <summary>
/// An input of the graph: a picture tensor of one or more parts, concatenated along the channel axis, or a caption vector [N,V].
/// </summary>
public sealed record InputContract
{
    /// <summary>The input's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Element type. Default float32.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>The order of the axes. Default NCHW. Ignored for captions.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>The contents of the channels, in order.</summary>
    public required IReadOnlyList<InputPart> Parts { get; init; }
}

/// <summary>The content of a part of an input.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<PartRole>))]
public enum PartRole
{
    /// <summary>The photo: three channels.</summary>
    Image,

    /// <summary>The hole: one channel.</summary>
    Mask,

    /// <summary>One channel of ones.</summary>
    Ones,

    /// <summary>The caption vector; must be the only part of its input.</summary>
    Caption,
}

/// <summary>
/// One part of an input. An image value v in 0..1 is written as <c>low + v * (high - low)</c> (<see cref="Range"/>),
/// or as <c>(v - mean) / std</c> per channel if these are specified.
/// </summary>
public sealed record InputPart
{
    /// <summary>The content.</summary>
    public required PartRole Role { get; init; }

    /// <summary>Image: the colour order. Default RGB.</summary>
    public ChannelOrder Channels { get; init; } = ChannelOrder.Rgb;

    /// <summary>Image: the values of black and white. Default [0, 1].</summary>
    public IReadOnlyList<float> Range { get; init; } = [0f, 1f];

    /// <summary>
    /// Image: the mean per channel in 0..1, in the order of <see cref="Channels"/>; with <see cref="Std"/>, replaces the range.
    /// </summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Image: the standard deviation per channel, in 0..1.</summary>
    public IReadOnlyList<float>? Std { get; init; }

    /// <summary>
    /// Image: the value of hidden pixels, in the graph's units. Default 0. The photo's hidden pixels are never passed to the graph.
    /// </summary>
    public float Hidden { get; init; }

    /// <summary>Mask: the value of known pixels. Default 0.</summary>
    public float Known { get; init; }

    /// <summary>Mask: the value of hidden pixels. Default 1.</summary>
    public float Hole { get; init; } = 1f;
}

/// <summary>The content of the graph's output.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<OutputContent>))]
public enum OutputContent
{
    /// <summary>Only the hole (for fixed holes).</summary>
    Fill,

    /// <summary>The whole picture, regenerated: known pixels may differ from the photo's.</summary>
    Photo,

    /// <summary>The whole picture, with the photo's known pixels.</summary>
    Pasted,
}

/// <summary>The graph's picture output; other outputs are ignored.</summary>
public sealed record OutputContract
{
    /// <summary>The output's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>The content.</summary>
    public required OutputContent Content { get; init; }

    /// <summary>Element type. Default float32.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>The order of the axes. Default NCHW.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>The colour order. Default RGB.</summary>
    public ChannelOrder Channels { get; init; } = ChannelOrder.Rgb;

    /// <summary>The values of black and white. Default [0, 1].</summary>
    public IReadOnlyList<float> Range { get; init; } = [0f, 1f];

    /// <summary>The mean per channel; with <see cref="Std"/>, replaces the range: v = x * std + mean.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>The standard deviation per channel.</summary>
    public IReadOnlyList<float>? Std { get; init; }
}

/// <summary>The origin of a graph, for documentation and reproduction.</summary>
public sealed record Provenance
{
    /// <summary>What produced it: a program of this project, or a URL.</summary>
    public string? Source { get; init; }

    /// <summary>The command that reproduces it.</summary>
    public string? Command { get; init; }

    /// <summary>The photos it was trained on.</summary>
    public IReadOnlyList<string>? Data { get; init; }

    /// <summary>The random seed.</summary>
    public long? Seed { get; init; }

    /// <summary>The licence of the graph.</summary>
    public string? Licence { get; init; }

    /// <summary>The licence of the photos it was trained on.</summary>
    public string? DataLicence { get; init; }
}
