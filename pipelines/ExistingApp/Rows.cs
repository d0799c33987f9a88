using Inpaint.ML;
using Microsoft.ML.Data;

namespace ExistingApp;

/// <summary>A line of the album's list: where the picture is, and what somebody wrote under it.</summary>
internal sealed class Picture
{
    [LoadColumn(0)]
    public string ImagePath { get; set; } = "";

    [LoadColumn(1)]
    public string Caption { get; set; } = "";
}

/// <summary>What the album wants to know of a picture; nothing but ML.NET's own types.</summary>
internal sealed class Sorted
{
    public string ImagePath { get; set; } = "";

    [ColumnName("PredictedLabel")]
    public uint Group { get; set; }
}

/// <summary>A picture that has been completed; the attribute lets a property hold an image of any size.</summary>
#region row
internal sealed class CompletedPicture
{
    public string ImagePath { get; set; } = "";

    [PhotoColumn]
    public MLImage? Completed { get; set; }
}
#endregion
