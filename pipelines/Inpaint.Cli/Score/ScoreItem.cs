using System.Diagnostics;
using Microsoft.ML.Data;

namespace Inpaint.Cli.Score;

/// <summary>A photo to complete: a row of the pipeline, and its result.</summary>
/// <param name="Key">Names it among all photos of the run: its path below the output folder, without the format's extension.</param>
/// <param name="Input">Its origin, as shown in messages.</param>
/// <param name="Record">The photo.</param>
/// <param name="Captions">Its captions.</param>
/// <param name="Mask">The mask's file; null if the mask is not a file, and for the centre hole.</param>
/// <param name="Stamp">Changes with the photo, the mask and the captions that are used.</param>
internal sealed record ScoreItem(
    [property: NoColumn] string Key,
    string Input,
    [property: NoColumn] PhotoRecord Record,
    string[] Captions,
    string? Mask,
    [property: NoColumn] string Stamp)
{
    private VBuffer<byte> _picture;

    /// <summary>The photo's file; empty when it is not one.</summary>
    public string Path => Record.Path ?? "";

    /// <summary>The encoded photo, between <see cref="Begin"/> and <see cref="Release"/>.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>The encoded mask of the photo's object, if that is hidden; as long as <see cref="Bytes"/>.</summary>
    public byte[] MaskBytes { get; private set; } = [];

    /// <summary>When the photo was read, as <see cref="Stopwatch.GetTimestamp"/> returns it.</summary>
    [NoColumn]
    public long Started { get; private set; }

    [NoColumn]
    public InpaintingStatus Status { get; private set; }

    /// <summary>The error; null for a completed photo.</summary>
    [NoColumn]
    public string? Error { get; private set; }

    /// <summary>The encoded completed picture, until the next photo; empty after an error.</summary>
    [NoColumn]
    public ReadOnlySpan<byte> Picture => _picture.GetValues();

    /// <summary>Prepares the row. A photo that cannot be read is empty, which gives a bad row, and keeps its own error.</summary>
    public void Begin(bool readBytes, bool hideObject)
    {
        Started = Stopwatch.GetTimestamp();
        try
        {
            Bytes = readBytes ? Record.ReadBytes() : [];
            MaskBytes = hideObject ? PhotoCodec.Encode(ObjectMask.Draw(Record)) : [];
        }
        catch (PhotoException e)
        {
            Error = e.Message;
        }
    }

    /// <summary>Frees the encoded pictures once the pipeline has it.</summary>
    public void Release() => Bytes = MaskBytes = [];

    /// <summary>Takes the pipeline's result.</summary>
    public void End(VBuffer<byte> picture, InpaintingStatus status, string error)
    {
        (_picture, Status) = (picture, status);
        Error ??= error.Length > 0 ? error : null;
    }
}
