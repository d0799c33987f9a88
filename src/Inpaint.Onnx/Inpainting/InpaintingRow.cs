using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// One photo to complete, and the result. The photo comes from the first of <see cref="Photo"/>, <see cref="Bytes"/>,
/// <see cref="Path"/> and <see cref="Read"/> that is set. Reused for several batches.
/// </summary>
public sealed class InpaintingRow
{
    private Photo? _spare;

    /// <summary>The row's name in messages, such as a file name or position.</summary>
    public string Name { get; set; } = "";

    /// <summary>The photo's file.</summary>
    public string? Path { get; set; }

    /// <summary>The encoded photo.</summary>
    public ReadOnlyMemory<byte> Bytes { get; set; }

    /// <summary>The decoded photo; not changed.</summary>
    public Photo? Photo { get; set; }

    /// <summary>Decodes the photo on the worker's thread.</summary>
    public Func<PhotoDecodingOptions, Photo>? Read { get; set; }

    /// <summary>The hole; default: that of the mask, or the centre hole.</summary>
    public Hole? Hole { get; set; }

    /// <summary>The mask's picture file.</summary>
    public string? MaskPath { get; set; }

    /// <summary>The encoded mask picture.</summary>
    public ReadOnlyMemory<byte> MaskBytes { get; set; }

    /// <summary>The mask's picture.</summary>
    public Photo? MaskPhoto { get; set; }

    /// <summary>The photo's captions; may be empty.</summary>
    public IReadOnlyList<string> Captions { get; set; } = [];

    /// <summary>
    /// Overrides feather, mask polarity and windows of <see cref="InpaintingOptions.Fill"/> for this row. Picture side and caption
    /// combination are always those of the <see cref="Inpainter"/>.
    /// </summary>
    public FillOptions? Fill { get; set; }

    /// <summary>Whether captions are omitted deliberately, even if the graph requires them: the vector is all zeros.</summary>
    public bool CaptionsWithheld { get; set; }

    /// <summary>The status.</summary>
    public InpaintingStatus Status { get; internal set; }

    /// <summary>The error message, which names the row; null for success.</summary>
    public string? Error { get; internal set; }

    /// <summary>The exception; null for success.</summary>
    public Exception? Exception { get; internal set; }

    /// <summary>The completed photo; null after an error, or if only its encoded bytes are returned.</summary>
    public Photo? Completed { get; internal set; }

    /// <summary>The encoded completed photo, if requested.</summary>
    public byte[]? Encoded { get; internal set; }

    /// <summary>
    /// The hidden pixels that were filled, in pixels of the photo, even if only the window is returned. Null after an early error.
    /// </summary>
    public Hole? FilledHole { get; internal set; }

    /// <summary>The box around the hole, in pixels of the completed picture.</summary>
    public PixelRect HoleBounds { get; internal set; }

    /// <summary>The number of known and unknown words of the captions.</summary>
    public CaptionCoverage Coverage { get; internal set; }

    /// <summary>
    /// Whether the memory of <see cref="Completed"/> is reused for the next photo. Default no: a completed photo stays valid.
    /// </summary>
    public bool RecyclesCompleted { get; init; }

    /// <summary>The memory of the last completed photo, if it may be reused.</summary>
    internal Photo? Spare => _spare;

    /// <summary>Clears the row.</summary>
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

    /// <summary>Throws the error, if any.</summary>
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

    /// <summary>Whether the row specifies the hole, instead of using the default centre hole.</summary>
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

    /// <summary>Decodes the row's photo.</summary>
    /// <param name="options">How it is decoded, when it is not in memory already.</param>
    /// <param name="buffer">A photo whose memory may be reused.</param>
    /// <exception cref="PhotoException">The photo is missing or cannot be decoded.</exception>
    public Photo DecodePhoto(PhotoDecodingOptions options, Photo? buffer = null)
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
            return hole;
        }
        catch (PhotoException e) when (HasHole)
        {
            throw new InpaintingRowException(InpaintingStatus.BadMask, $"{Name}: {e.Message}", e);
        }
    }

    /// <summary>A copy owned by this row.</summary>
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
