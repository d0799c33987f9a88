using Inpaint.Captions;
using Inpaint.Holes;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// One photo to complete, and what became of it. Where the photo comes from: <see cref="Photo"/>, else <see cref="Bytes"/>,
/// else <see cref="Path"/>, else <see cref="Read"/>. Reused from batch to batch.
/// </summary>
public sealed class InpaintingRow
{
    private Photo? _spare;

    /// <summary>What messages call the row: a file name, a position.</summary>
    public string Name { get; set; } = "";

    /// <summary>The photo's file.</summary>
    public string? Path { get; set; }

    /// <summary>The encoded photo.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    /// <summary>The photo itself; never changed.</summary>
    public Photo? Photo { get; set; }

    /// <summary>Decodes the photo when asked, on the worker's thread.</summary>
    public Func<PhotoDecodingOptions, Photo>? Read { get; set; }

    /// <summary>The hole; null for the mask's, or the default centre hole.</summary>
    public Hole? Hole { get; set; }

    /// <summary>The mask's picture file.</summary>
    public string? MaskPath { get; set; }

    /// <summary>The encoded mask picture.</summary>
    public ReadOnlyMemory<byte> MaskBytes { get; set; }

    /// <summary>The mask's picture.</summary>
    public Photo? MaskPhoto { get; set; }

    /// <summary>The photo's captions; empty for none.</summary>
    public IReadOnlyList<string> Captions { get; set; } = [];

    /// <summary>
    /// This row's own feather, mask polarity and windows; null for <see cref="InpaintingOptions.Fill"/>. Picture side and caption combination
    /// are always those of the <see cref="Inpainter"/>.
    /// </summary>
    public FillOptions? Fill { get; set; }

    /// <summary>Whether captions are left out on purpose, also from a graph that requires them: its vector is zeros.</summary>
    internal bool CaptionsWithheld { get; set; }

    /// <summary>How it ended.</summary>
    public InpaintingStatus Status { get; internal set; }

    /// <summary>What went wrong, in a sentence that names the row; null when nothing did.</summary>
    public string? Error { get; internal set; }

    /// <summary>The error itself; null when nothing went wrong.</summary>
    public Exception? Exception { get; internal set; }

    /// <summary>The completed photo; null when something went wrong, or when only its bytes were asked for.</summary>
    public Photo? Completed { get; internal set; }

    /// <summary>The completed photo as a picture file, when asked for.</summary>
    public byte[]? Encoded { get; internal set; }

    /// <summary>The hidden pixels that were filled, whatever they came from: of the photo, also where only the window came back. Null when something went wrong before they were known.</summary>
    public Hole? FilledHole { get; internal set; }

    /// <summary>The box around the hole, in pixels of the completed picture.</summary>
    public PixelRect HoleBounds { get; internal set; }

    /// <summary>Words of the captions that the graph's vocabulary knows, and does not.</summary>
    public CaptionCoverage Coverage { get; internal set; }

    /// <summary>Whether nobody looks at <see cref="Completed"/> once the row is cleared, so that the next photo may have its memory.</summary>
    internal bool RecyclesCompleted { get; init; }

    /// <summary>The last completed photo's memory, when it may be used again.</summary>
    internal Photo? Spare => _spare;

    /// <summary>Forgets the last photo.</summary>
    public void Clear()
    {
        Name = "";
        Path = MaskPath = null;
        Bytes = MaskBytes = default;
        Photo = MaskPhoto = null;
        Read = null;
        Hole = null;
        Captions = [];
        Fill = null;
        CaptionsWithheld = false;
        ClearResult();
    }

    /// <summary>Throws what went wrong, if anything did.</summary>
    /// <exception cref="PhotoException">The photo, mask or caption cannot be used.</exception>
    /// <exception cref="GraphException">The graph failed.</exception>
    public void ThrowIfFailed()
    {
        if (Status == InpaintingStatus.Ok)
        {
            return;
        }

        throw Exception is GraphException ? new GraphException(Error!, Exception) : new PhotoException(Error!, Exception);
    }

    /// <summary>Whether the row says what is hidden, rather than taking the default centre hole.</summary>
    internal bool HasHole => Hole is not null || MaskPhoto is not null || !MaskBytes.IsEmpty || MaskPath is not null;

    internal void Fail(Exception error)
    {
        Status = error switch
        {
            InpaintingRowException row => row.Status,
            GraphException => InpaintingStatus.GraphFailed,
            _ => InpaintingStatus.BadPhoto,
        };
        Exception = error;
        Error = error.Message.Contains(Name, StringComparison.Ordinal) ? error.Message : $"{Name}: {error.Message}";
        Completed = null;
        Encoded = null;
    }

    /// <summary>The row's photo.</summary>
    /// <param name="options">How it is decoded, when it is not in memory already.</param>
    /// <param name="buffer">A photo whose memory may be reused.</param>
    internal Photo DecodePhoto(PhotoDecodingOptions options, Photo? buffer = null)
    {
        if (Photo is not null)
        {
            return Photo;
        }

        if (!Bytes.IsEmpty)
        {
            return PhotoCodec.Decode(Bytes.Span, options, Name, buffer);
        }

        return Path is not null ? PhotoCodec.Decode(Path, options, buffer)
            : Read is not null ? Read(options)
            : throw new PhotoException($"{Name} is empty; expected the path or the bytes of a picture.");
    }

    internal Hole DecodeHole(Photo photo, MaskPolarity polarity, PhotoDecodingOptions options)
    {
        if (Hole is not null)
        {
            return Hole;
        }

        try
        {
            Photo? mask = MaskPhoto
                ?? (!MaskBytes.IsEmpty ? PhotoCodec.Decode(MaskBytes.Span, options, $"the mask of {Name}")
                : MaskPath is not null ? PhotoCodec.Decode(MaskPath, options)
                : null);
            if (mask is null)
            {
                return Hole.Default(photo.Width, photo.Height);
            }

            Hole hole = Hole.FromMask(Mask.FromPhoto(mask, polarity));
            hole.CheckFits(photo);
            return hole.HidesAllOf(photo)
                ? throw new PhotoException("the mask hides every pixel, so that nothing is left to complete the photo from. Is the other colour meant (MaskPolarity)?")
                : hole;
        }
        catch (PhotoException e) when (HasHole)
        {
            throw new InpaintingRowException(InpaintingStatus.BadMask, $"{Name}: {e.Message}", e);
        }
    }

    /// <summary>A copy that is this row's own.</summary>
    internal Photo CopyOf(Photo photo)
    {
        if (_spare is null || _spare.Width != photo.Width || _spare.Height != photo.Height)
        {
            return photo.Clone();
        }

        photo.Pixels.CopyTo(_spare.Pixels);
        return _spare;
    }

    internal void ClearResult()
    {
        _spare = RecyclesCompleted ? Completed ?? _spare : null;
        Status = InpaintingStatus.Ok;
        Error = null;
        Exception = null;
        Completed = null;
        Encoded = null;
        HoleBounds = default;
        FilledHole = null;
        Coverage = default;
    }
}
