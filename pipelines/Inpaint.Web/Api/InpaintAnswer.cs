
using Inpaint.Captions;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;
using Inpaint.Holes;
using Inpaint.Photos;

namespace Inpaint.Web.Api;

/// <summary>A completed photo.</summary>
internal sealed record InpaintAnswer
{
    /// <summary>The graph's name.</summary>
    public required string Graph { get; init; }

    /// <summary>SHA-256 of the graph's file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The completed photo as PNG, base64.</summary>
    public required byte[] Image { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The box around the hidden pixels.</summary>
    public required PixelBox Hole { get; init; }

    /// <summary>From the photo's arrival to the fill, waiting included.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>Words of the caption that the graph knows, and does not; left out where it takes no caption.</summary>
    public CaptionWords? Caption { get; init; }

    /// <summary>How near the fill is to what the hole hides; only where the request says that the photo is whole.</summary>
    public FillFigures? Metrics { get; init; }
}

/// <summary>A rectangle in pixels.</summary>
internal sealed record PixelBox(int X, int Y, int Width, int Height)
{
    public static PixelBox Of(PixelRect rect) => new(rect.X, rect.Y, rect.Width, rect.Height);
}

/// <summary>Words of a caption.</summary>
internal sealed record CaptionWords(IReadOnlyList<string> Known, IReadOnlyList<string> Unknown)
{
    /// <summary>Sorts the words by whether the vocabulary has them, each once.</summary>
    public static CaptionWords Of(CaptionEncoder encoder, string caption)
    {
        ILookup<bool, string> words = encoder.Vocabulary.Rules.Words(caption).Distinct().ToLookup(word => encoder.Vocabulary.TryGetIndex(word, out _));
        return new CaptionWords([.. words[true]], [.. words[false]]);
    }
}

/// <summary>Figures of one fill, over the hidden pixels.</summary>
/// <param name="HoleMse">Mean squared error, of values from 0 to 1.</param>
/// <param name="HolePsnr">Peak signal to noise ratio, in dB; left out where the fill is the truth.</param>
internal sealed record FillFigures(double HoleMse, double? HolePsnr)
{
    /// <summary>Compares the hidden pixels.</summary>
    public static FillFigures Of(Photo truth, Photo completed, Hole hole)
    {
        double mse = HoleError.MeanSquared(truth, completed, hole);
        return new FillFigures(mse, mse > 0 ? FillScores.Psnr(mse) : null);
    }
}
