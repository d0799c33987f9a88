using System.Reflection;
using Microsoft.ML.Data;

namespace Inpaint.ML.Tests.Support;

/// <summary>All columns that cases of the conformance test add; others stay null.</summary>
internal sealed class Everything
{
    [PhotoColumn]
    public MLImage? Photo { get; set; }

    public string? PhotoStatus { get; set; }

    public string? PhotoError { get; set; }

    public float[]? Picture { get; set; }

    public float[]? Hidden { get; set; }

    public int[]? Window { get; set; }

    public float[]? Words { get; set; }

    public float[]? Y { get; set; }

    public float[]? Fill { get; set; }

    [PhotoColumn]
    public MLImage? Completed { get; set; }

    public string? CompletedStatus { get; set; }

    public string? CompletedError { get; set; }

    public byte[]? File { get; set; }

    [PhotoColumn]
    public MLImage? FillPicture { get; set; }

    public string? State { get; set; }

    public string? Trouble { get; set; }

    public float Number { get; set; }

    /// <summary>All values as one string.</summary>
    public string Text() =>
        string.Join(" | ", typeof(Everything).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(p => TestRows.Text(p.GetValue(this))));
}
