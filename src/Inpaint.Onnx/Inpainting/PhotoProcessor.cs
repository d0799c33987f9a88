using System.Diagnostics.CodeAnalysis;
using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Prepares photos for a graph and reads its output, without running it: decoding, windows, tensors and captions, as manifest and options
/// specify. Immutable; safe from any thread.
/// </summary>
public sealed class PhotoProcessor
{
    private readonly PhotoDecodingOptions _reducedDecoding;

    /// <summary>Checks options against a manifest.</summary>
    /// <param name="manifest">The graph's manifest.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="SettingException">A setting is out of its range.</exception>
    /// <exception cref="Runtime.GraphException">The picture side does not fit the graph.</exception>
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(ExecutionOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(PhotoDecodingOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(FillOptions))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(OutputOptions))]
    public PhotoProcessor(GraphManifest manifest, InpaintingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Manifest = manifest;
        Options = Setting.Validate(options ?? InpaintingOptions.Default);
        Encoder = new InputEncoder(manifest);
        Decoder = new OutputDecoder(manifest);
        Geometry = new GraphGeometry(manifest, Options.Fill.PictureSide);
        Captions = manifest.Caption is { } contract ? new CaptionEncoder(CombineOnce(contract, Options.Fill.CaptionCombination)) : null;
        bool reduces = ReturnsWindow && manifest.Size.IsFixed;
        _reducedDecoding = !reduces
            ? Options.Decoding
            : Options.Decoding with { ShorterSide = Math.Max(manifest.Size.Width!.Value, manifest.Size.Height!.Value) };
    }

    /// <summary>The graph's manifest.</summary>
    public GraphManifest Manifest { get; }

    /// <summary>The options.</summary>
    public InpaintingOptions Options { get; }

    /// <summary>Converts pictures to tensors.</summary>
    public InputEncoder Encoder { get; }

    /// <summary>Converts tensors to pictures.</summary>
    public OutputDecoder Decoder { get; }

    /// <summary>Windows and sizes.</summary>
    public GraphGeometry Geometry { get; }

    /// <summary>Encodes captions; null if the graph does not use captions.</summary>
    public CaptionEncoder? Captions { get; }

    /// <summary>Whether only the graph's window is returned.</summary>
    internal bool ReturnsWindow => Options.Output.Region == OutputRegion.Window;

    /// <summary>Decodes a row's photo and its hole. A failure is recorded in the row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The photo and the hole; null when they cannot be decoded.</returns>
    public (Photo Photo, Hole Hole)? Decode(InpaintingRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        try
        {
            return Decode(row, buffer: null);
        }
        catch (Exception e) when (e is PhotoException or InpaintingRowException)
        {
            row.Fail(e);
            return null;
        }
    }

    /// <summary>A caption contract for one vector per photo: a graph trained on single captions is given the first one.</summary>
    /// <param name="contract">The manifest's contract.</param>
    /// <param name="combination">How captions are combined; null for the manifest's own rule.</param>
    public static CaptionContract CombineOnce(CaptionContract contract, CaptionCombination? combination)
    {
        ArgumentNullException.ThrowIfNull(contract);
        CaptionCombination combine = combination ?? contract.Combine;
        return contract with { Combine = combine == CaptionCombination.Each ? CaptionCombination.First : combine };
    }

    /// <summary>Decodes a row's photo, into the memory of another if that has its size, and its hole.</summary>
    internal (Photo Photo, Hole Hole) Decode(InpaintingRow row, Photo? buffer)
    {
        // A mask has the photo's full size, and so must the photo.
        Photo photo = row.DecodePhoto(row.HasHole ? Options.Decoding : _reducedDecoding, buffer);
        Hole hole = row.DecodeHole(photo, (row.Fill ?? Options.Fill).MaskPolarity, Options.Decoding);
        hole.CheckFits(photo);
        return hole.HidesAllOf(photo)
            ? throw new InpaintingRowException(
                InpaintingStatus.BadMask,
                $"{row.Name}: the hole hides every pixel, so the photo cannot be completed; expected known pixels."
                + (hole.Mask is null ? "" : " Check whether the colours of the mask are inverted (MaskPolarity)."))
            : (photo, hole);
    }
}
