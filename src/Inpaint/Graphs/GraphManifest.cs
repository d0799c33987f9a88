using System.Text.Json;
using Inpaint.Captions;
using Inpaint.Json;
using Inpaint.Photos;

namespace Inpaint.Graphs;

/// <summary>
/// What a graph wants and gives (<c>model.json</c>): everything that differs between inpainting graphs is data here,
/// so that a graph is swapped by naming another folder.
/// </summary>
public sealed record GraphManifest
{
    /// <summary>The file's name beside the graph.</summary>
    public const string FileName = "model.json";

    /// <summary>The version that this library writes, and the highest that it knows in full.</summary>
    public const int CurrentVersion = 1;

    /// <summary>
    /// Version of the manifest's keys, 1 or more. Every release that adds a key increments it. A reader that knows the version refuses unknown keys;
    /// an older reader ignores them, unless <see cref="MinVersion"/> says that it must not.
    /// </summary>
    public required int Version { get; init; }

    /// <summary>The oldest reader's version that uses the graph correctly; a key that must not be ignored raises it. Default 1.</summary>
    public int MinVersion { get; init; } = 1;

    /// <summary>What the graph is called.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for people.</summary>
    public string? Description { get; init; }

    /// <summary>The ONNX file and its hash.</summary>
    public required GraphFileContract Graph { get; init; }

    /// <summary>Height and width of the graph's picture.</summary>
    public required SizeContract Size { get; init; }

    /// <summary>Which pixels the graph fills.</summary>
    public required HoleContract Hole { get; init; }

    /// <summary>Every input of the graph, by name.</summary>
    public required IReadOnlyList<InputContract> Inputs { get; init; }

    /// <summary>The output that counts.</summary>
    public required OutputContract Output { get; init; }

    /// <summary>How captions become a vector; needed when an input has the part <c>caption</c>.</summary>
    public CaptionContract? Caption { get; init; }

    /// <summary>Where the graph came from.</summary>
    public Provenance? Provenance { get; init; }

    /// <summary>What <c>inpaint evaluate</c> measured, by split and figure: <c>scores["test"]["hole_mse"]</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? Scores { get; init; }

    /// <summary>Reads and checks a manifest.</summary>
    /// <param name="json">UTF-8 text.</param>
    /// <param name="what">The manifest's name in error messages: its path.</param>
    /// <exception cref="ManifestException">The text is not a valid manifest; the message lists every problem.</exception>
    public static GraphManifest Parse(ReadOnlySpan<byte> json, string what)
    {
        try
        {
            var manifest = StrictJson.Read<GraphManifest>(json, what, IsNewer);
            ManifestValidator.Validate(manifest, what);
            return manifest;
        }
        catch (StrictJsonException e)
        {
            throw new ManifestException(e.Message, e);
        }
    }

    /// <summary>The manifest as indented UTF-8 text; keys that have their default value are omitted.</summary>
    public byte[] ToJson() => StrictJson.Write(this, omitDefaults: true);

    private static bool IsNewer(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("version", out JsonElement version)
        && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number > CurrentVersion;
}

/// <summary>The ONNX file of a manifest.</summary>
public sealed record GraphFileContract
{
    /// <summary>File name beside the manifest, without folders. Default <c>model.onnx</c>.</summary>
    public string File { get; init; } = "model.onnx";

    /// <summary>SHA-256 of the file, 64 hexadecimal digits. While it differs from the file, the pair is not used.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Operator set of the default domain, when stated; checked against the graph.</summary>
    public int? Opset { get; init; }
}

/// <summary>
/// The graph's picture: fixed (<see cref="Height"/> and <see cref="Width"/>), or any size that is a multiple of <see cref="MultipleOf"/>.
/// </summary>
public sealed record SizeContract
{
    /// <summary>Rows, when fixed.</summary>
    public int? Height { get; init; }

    /// <summary>Columns, when fixed.</summary>
    public int? Width { get; init; }

    /// <summary>With dynamic sizes: both sides are a multiple of this (photos are padded by their edge pixels). Default 1.</summary>
    public int MultipleOf { get; init; } = 1;

    /// <summary>With dynamic sizes: photos with a longer side than this are scaled down for the graph. Default 4096.</summary>
    public int MaxSide { get; init; } = 4096;

    /// <summary>Whether height and width are fixed.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsFixed => Height is not null && Width is not null;
}

/// <summary>Whether a graph fills one rectangle, always the same, or whatever a mask says.</summary>
public enum HoleKind
{
    /// <summary>One rectangle of the graph's picture.</summary>
    Fixed,

    /// <summary>Any pixels, told by a mask input.</summary>
    Free,
}

/// <summary>Which pixels of its picture a graph fills.</summary>
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

    /// <summary>The fixed hole as a rectangle.</summary>
    /// <exception cref="InvalidOperationException">The hole is free.</exception>
    public PixelRect ToRect() => Kind == HoleKind.Fixed
        ? new PixelRect(X!.Value, Y!.Value, Width!.Value, Height!.Value)
        : throw new InvalidOperationException("A free hole has no rectangle.");
}

/// <summary>Element type of a tensor.</summary>
public enum ElementType
{
    /// <summary>32-bit float.</summary>
    Float32,

    /// <summary>16-bit float.</summary>
    Float16,

    /// <summary>Unsigned byte.</summary>
    Uint8,
}

/// <summary>Order of a picture tensor's axes.</summary>
public enum TensorLayout
{
    /// <summary>Batch, channel, row, column.</summary>
    Nchw,

    /// <summary>Batch, row, column, channel.</summary>
    Nhwc,
}

/// <summary>Order of the colour channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}

/// <summary>One input of the graph: a picture tensor of one or more parts side by side in the channel axis, or a caption vector [N,V].</summary>
public sealed record InputContract
{
    /// <summary>The input's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>Element type. Default float32.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>Axes. Default NCHW. Of no meaning for a caption.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>What stands in the channels, in order.</summary>
    public required IReadOnlyList<InputPart> Parts { get; init; }
}

/// <summary>What a part of an input holds.</summary>
public enum PartRole
{
    /// <summary>The photo: three channels.</summary>
    Image,

    /// <summary>Where the hole is: one channel.</summary>
    Mask,

    /// <summary>One channel of ones.</summary>
    Ones,

    /// <summary>The caption's word vector; the only part of its input.</summary>
    Caption,
}

/// <summary>
/// One part of an input. An image value v in 0..1 is written as <c>low + v * (high - low)</c> (<see cref="Range"/>),
/// or as <c>(v - mean) / std</c> a channel when those are given.
/// </summary>
public sealed record InputPart
{
    /// <summary>What stands here.</summary>
    public required PartRole Role { get; init; }

    /// <summary>Colour order of an image. Default RGB.</summary>
    public ChannelOrder Channels { get; init; } = ChannelOrder.Rgb;

    /// <summary>Image: what 0 and 1 (black and white) are written as. Default [0, 1].</summary>
    public IReadOnlyList<float> Range { get; init; } = [0f, 1f];

    /// <summary>Image: mean a channel, in the order of <see cref="Channels"/>, in 0..1; with <see cref="Std"/>, instead of a range.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Image: standard deviation a channel, in 0..1.</summary>
    public IReadOnlyList<float>? Std { get; init; }

    /// <summary>Image: the number written at hidden pixels (in the graph's own units). Default 0. What the photo has there never reaches the graph.</summary>
    public float Hidden { get; init; }

    /// <summary>Mask: the number at known pixels. Default 0.</summary>
    public float Known { get; init; }

    /// <summary>Mask: the number at hidden pixels. Default 1.</summary>
    public float Hole { get; init; } = 1f;
}

/// <summary>What the graph's picture output shows.</summary>
public enum OutputContent
{
    /// <summary>The hole alone (fixed holes).</summary>
    Fill,

    /// <summary>The whole picture, made anew: known pixels may differ from the photo's.</summary>
    Photo,

    /// <summary>The whole picture with the known pixels pasted in.</summary>
    Pasted,
}

/// <summary>The graph's output that counts; others are ignored.</summary>
public sealed record OutputContract
{
    /// <summary>The output's name in the graph.</summary>
    public required string Name { get; init; }

    /// <summary>What it shows.</summary>
    public required OutputContent Content { get; init; }

    /// <summary>Element type. Default float32.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    /// <summary>Axes. Default NCHW.</summary>
    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    /// <summary>Colour order. Default RGB.</summary>
    public ChannelOrder Channels { get; init; } = ChannelOrder.Rgb;

    /// <summary>The numbers that mean black and white. Default [0, 1].</summary>
    public IReadOnlyList<float> Range { get; init; } = [0f, 1f];

    /// <summary>Mean a channel, with <see cref="Std"/>, instead of a range: v = x * std + mean.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Standard deviation a channel.</summary>
    public IReadOnlyList<float>? Std { get; init; }
}

/// <summary>Where a graph came from. Everything is text for people and for the next training.</summary>
public sealed record Provenance
{
    /// <summary>What made it: a program of this project, or an address.</summary>
    public string? Source { get; init; }

    /// <summary>The command that makes it again.</summary>
    public string? Command { get; init; }

    /// <summary>The photos it was trained on.</summary>
    public IReadOnlyList<string>? Data { get; init; }

    /// <summary>Random seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Terms of the graph itself.</summary>
    public string? Licence { get; init; }

    /// <summary>Terms of the photos it was trained on.</summary>
    public string? DataLicence { get; init; }
}
