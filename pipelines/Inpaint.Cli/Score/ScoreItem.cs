using Inpaint.Datasets;
using Inpaint.Holes;

namespace Inpaint.Cli.Score;

/// <summary>A photo to complete.</summary>
/// <param name="Key">Names it among all photos of the run: its path below the output folder, less the format's ending.</param>
/// <param name="Input">Where it comes from, as people know it.</param>
/// <param name="Record">The photo.</param>
/// <param name="Captions">What it shows.</param>
/// <param name="Mask">The mask's file; null for the centre hole.</param>
/// <param name="Stamp">Changes whenever photo, mask or captions do, as far as they count.</param>
internal sealed record ScoreItem(string Key, string Input, PhotoRecord Record, IReadOnlyList<string> Captions, string? Mask, string Stamp);
