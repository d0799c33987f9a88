using System.Text.Json;

namespace Inpaint;

/// <summary>The outcome of completing a photo.</summary>
public enum InpaintingStatus
{
    /// <summary>The photo is completed.</summary>
    Ok,

    /// <summary>The photo cannot be used: missing, truncated, too large, or not a picture.</summary>
    BadPhoto,

    /// <summary>The mask cannot be used: not a picture, or not of the photo's size.</summary>
    BadMask,

    /// <summary>The graph requires a caption and the row has none.</summary>
    BadCaption,

    /// <summary>The graph failed on this photo.</summary>
    GraphFailed,

    /// <summary>The completed photo cannot be written.</summary>
    NotWritten,
}

/// <summary>The words of <see cref="InpaintingStatus"/> in columns, files and responses.</summary>
public static class InpaintingStatusExtensions
{
    private static readonly string[] Words = [.. Enum.GetNames<InpaintingStatus>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>
    /// The status in snake_case: <c>ok</c>, <c>bad_photo</c>, <c>bad_mask</c>, <c>bad_caption</c>, <c>graph_failed</c> or
    /// <c>not_written</c>.
    /// </summary>
    public static string ToWord(this InpaintingStatus status) => Words[(int)status];

    /// <summary>Parses the word for a status.</summary>
    /// <exception cref="FormatException">It is not one of <see cref="ToWord"/>.</exception>
    public static InpaintingStatus Parse(ReadOnlySpan<char> word)
    {
        for (int i = 0; i < Words.Length; i++)
        {
            if (word.SequenceEqual(Words[i]))
            {
                return (InpaintingStatus)i;
            }
        }

        throw new FormatException($"'{word}' is not a status; expected one of {string.Join(", ", Words)}.");
    }
}
