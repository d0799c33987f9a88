using Inpaint.Json;
using System.Text.Json.Serialization;
namespace Inpaint.Captions;

/// <summary>The values in a caption vector.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CaptionEncoding>))]
public enum CaptionEncoding
{
    /// <summary>1 if the word occurs, otherwise 0.</summary>
    Binary,

    /// <summary>The number of occurrences of the word.</summary>
    Count,
}

/// <summary>How several captions of one photo are combined.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<CaptionCombination>))]
public enum CaptionCombination
{
    /// <summary>The words of all captions.</summary>
    Union,

    /// <summary>Only the first caption.</summary>
    First,

    /// <summary>Each caption separately: one row per caption.</summary>
    Each,
}

/// <summary>How captions are encoded as a vector.</summary>
public sealed record CaptionContract
{
    /// <summary>Whether a photo without a caption is an error. Default false: the vector is all zeros.</summary>
    public bool Required { get; init; }

    /// <summary>Binary or counts. Default binary.</summary>
    public CaptionEncoding Encoding { get; init; } = CaptionEncoding.Binary;

    /// <summary>How several captions are combined. Default union.</summary>
    public CaptionCombination Combine { get; init; } = CaptionCombination.Union;

    /// <summary>The tokenization rules.</summary>
    public CaptionRules Rules { get; init; } = CaptionRules.Default;

    /// <summary>The words, in vector order.</summary>
    public required IReadOnlyList<string> Vocabulary { get; init; }
}
