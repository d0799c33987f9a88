namespace Inpaint.Tests.Graphs;

/// <summary>Valid manifests, the basis of test cases.</summary>
internal static class Manifests
{
    /// <summary>From an image to a fill of its centre.</summary>
    public static GraphManifest Fixed { get; } = new()
    {
        Version = 1,
        Name = "graph-1.0_a",
        Graph = new GraphFileContract { Sha256 = new string('a', 64), Opset = 17 },
        Size = new SizeContract { Height = 64, Width = 64 },
        Hole = new HoleContract { Kind = HoleKind.Fixed, X = 16, Y = 16, Width = 32, Height = 32 },
        Inputs = [Image()],
        Output = new OutputContract { Name = "fill", Content = OutputContent.Fill },
    };

    /// <summary>From an image and a mask to the pasted picture, of any size.</summary>
    public static GraphManifest Free { get; } = Fixed with
    {
        Size = new SizeContract { MultipleOf = 8 },
        Hole = new HoleContract { Kind = HoleKind.Free },
        Inputs = [Image(), Mask()],
        Output = new OutputContract { Name = "output", Content = OutputContent.Pasted },
    };

    /// <summary>From an image and a caption to a fill of its centre.</summary>
    public static GraphManifest Captioned { get; } = Fixed with
    {
        Inputs = [Image(), new InputContract { Name = "caption", Parts = [new InputPart { Role = PartRole.Caption }] }],
        Caption = new CaptionContract { Vocabulary = ["sky", "sea"] },
    };

    public static InputContract Image(InputPart? part = null, ElementType type = ElementType.Float32) =>
        new() { Name = "image", Type = type, Parts = [part ?? new InputPart { Role = PartRole.Image }] };

    public static InputContract Mask(InputPart? part = null, ElementType type = ElementType.Float32) =>
        new() { Name = "mask", Type = type, Parts = [part ?? new InputPart { Role = PartRole.Mask }] };
}
