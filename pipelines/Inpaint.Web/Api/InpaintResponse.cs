using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;

namespace Inpaint.Web.Api;

/// <summary>A completed photo.</summary>
internal sealed record InpaintResponse
{
    /// <summary>Name of the graph.</summary>
    public required string Graph { get; init; }

    /// <summary>SHA-256 of the graph's file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The completed photo, in base64; PNG unless the request has another format.</summary>
    public required byte[] Image { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The bounding box of the hidden pixels.</summary>
    public required HoleBox Hole { get; init; }

    /// <summary>Time from the photo's arrival to its result, waiting included.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>The words of the caption; omitted where the graph takes no captions.</summary>
    public KnownWords? Caption { get; init; }

    /// <summary>Errors of the fill; only for requests with truth.</summary>
    public FillFigures? Metrics { get; init; }
}

/// <summary>The words of a caption, each once: those in the graph's vocabulary, and the others.</summary>
internal sealed record KnownWords(IReadOnlyList<string> Known, IReadOnlyList<string> Unknown)
{
    public static KnownWords Of(CaptionEncoder encoder, string caption)
    {
        ILookup<bool, string> words = encoder.Vocabulary.Rules.Tokenize(caption).Distinct()
            .ToLookup(word => encoder.Vocabulary.TryGetIndex(word, out _));
        return new KnownWords([.. words[true]], [.. words[false]]);
    }
}

/// <summary>Errors of a fill over the hidden pixels.</summary>
/// <param name="HoleMse">Mean squared error of values from 0 to 1.</param>
/// <param name="HolePsnr">Peak signal-to-noise ratio in dB; omitted where the fill equals the photo.</param>
internal sealed record FillFigures(double HoleMse, double? HolePsnr)
{
    public static FillFigures Of(Photo truth, Photo completed, Hole hole)
    {
        var filled = new FilledPhoto(truth, completed, hole);
        return new FillFigures(filled.MeanSquaredError, filled.MeanSquaredError > 0 ? filled.Psnr : null);
    }
}
