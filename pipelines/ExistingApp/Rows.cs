using Inpaint.ML;
using Microsoft.ML.Data;

namespace ExistingApp;

/// <summary>A line of the album's list: a picture's path and caption.</summary>
internal sealed class Picture
{
    [LoadColumn(0)]
    public string ImagePath { get; set; } = "";

    [LoadColumn(1)]
    public string Caption { get; set; } = "";
}

/// <summary>The prediction for a picture, with types of ML.NET alone.</summary>
internal sealed class Sorted
{
    public string ImagePath { get; set; } = "";

    [ColumnName("PredictedLabel")]
    public uint Group { get; set; }
}

/// <summary>A completed picture; the attribute allows images of any size.</summary>
#region row
internal sealed class CompletedPicture
{
    public string ImagePath { get; set; } = "";

    [PhotoColumn]
    public MLImage? Completed { get; set; }
}
#endregion
