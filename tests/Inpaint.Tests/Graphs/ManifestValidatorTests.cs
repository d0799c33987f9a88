namespace Inpaint.Tests.Graphs;

public sealed class ManifestValidatorTests
{
    private static readonly InputPart ImagePart = new() { Role = PartRole.Image };
    private static readonly InputPart MaskPart = new() { Role = PartRole.Mask };
    private static readonly InputPart CaptionPart = new() { Role = PartRole.Caption };

    // The name of the case, the manifest, and the key that the error names.
    private static readonly (string Case, GraphManifest Manifest, string Key)[] Wrong =
    [
        ("version 0", Manifests.Fixed with { Version = 0 }, "version"),
        ("a newer min_version", Manifests.Fixed with { MinVersion = GraphManifest.CurrentVersion + 1 }, "min_version"),
        ("no name", Manifests.Fixed with { Name = "" }, "name"),
        ("a space in the name", Manifests.Fixed with { Name = "a b" }, "name"),
        ("a folder as the name", Manifests.Fixed with { Name = ".." }, "name"),
        ("a graph in another folder", File("../model.onnx"), "graph.file"),
        ("a graph on another drive", File(@"c:\model.onnx"), "graph.file"),
        ("the manifest as its own graph", File("model.json"), "graph.file"),
        ("a short hash", Manifests.Fixed with { Graph = new GraphFileContract { Sha256 = "abc" } }, "graph.sha256"),
        ("a hash with an invalid digit", Manifests.Fixed with { Graph = new GraphFileContract { Sha256 = new string('g', 64) } },
            "graph.sha256"),
        ("opset 0", Manifests.Fixed with { Graph = Manifests.Fixed.Graph with { Opset = 0 } }, "graph.opset"),
        ("height 0", Manifests.Fixed with { Size = new SizeContract { Height = 0, Width = 64 } }, "size.height"),
        ("a height without a width", Manifests.Fixed with { Size = new SizeContract { Height = 64 } }, "size.width"),
        ("multiple of 0", Manifests.Free with { Size = new SizeContract { MultipleOf = 0 } }, "size.multiple_of"),
        ("max_side 0", Manifests.Free with { Size = new SizeContract { MaxSide = 0 } }, "size.max_side"),
        ("max_side below multiple_of", Manifests.Free with { Size = new SizeContract { MaxSide = 7, MultipleOf = 8 } }, "size.max_side"),
        ("a fixed hole without x", Hole(null, 16, 32, 32), "hole.x"),
        ("a hole above the picture", Hole(16, -1, 32, 32), "hole.y"),
        ("a hole without width", Hole(16, 16, 0, 32), "hole.width"),
        ("a hole past the right edge", Hole(33, 16, 32, 32), "hole.width"),
        ("a hole past the lower edge", Hole(16, 33, 32, 32), "hole.height"),
        ("a hole whose end overflows", Hole(int.MaxValue, 16, int.MaxValue, 32), "hole.width"),
        ("a negative context", Manifests.Free with { Hole = Manifests.Free.Hole with { Context = -0.1 } }, "hole.context"),
        ("a context above 64", Manifests.Free with { Hole = Manifests.Free.Hole with { Context = 64.5 } }, "hole.context"),
        ("a fixed hole at a dynamic size", Manifests.Fixed with { Size = new SizeContract() }, "hole.kind"),
        ("a free hole with a position", Manifests.Free with { Hole = new HoleContract { Kind = HoleKind.Free, X = 3 } }, "hole.x"),
        ("a free hole without a mask", Manifests.Free with { Inputs = [Manifests.Image()] }, "hole.kind"),
        ("a fill of a free hole", Manifests.Free with { Output = Manifests.Fixed.Output }, "output.content"),
        ("no inputs", Manifests.Fixed with { Inputs = [] }, "inputs"),
        ("a null input", Manifests.Fixed with { Inputs = [Manifests.Image(), null!] }, "inputs[1]"),
        ("two images", Manifests.Free with { Inputs = [Manifests.Image(), Manifests.Image() with { Name = "b" }, Manifests.Mask()] },
            "inputs"),
        ("an input without a name", Inputs(new InputContract { Name = "", Parts = [ImagePart] }), "inputs[0].name"),
        ("a duplicate name", Inputs(Manifests.Image(), Manifests.Mask() with { Name = "image" }), "inputs[1].name"),
        ("an input without parts", Inputs(Manifests.Image(), new InputContract { Name = "b", Parts = [] }), "inputs[1].parts"),
        ("a null part", Inputs(new InputContract { Name = "image", Parts = [ImagePart, null!] }), "inputs[0].parts[1]"),
        ("a range of one value", Image(ImagePart with { Range = [1] }), "inputs[0].parts[0].range"),
        ("a range of equal values", Image(ImagePart with { Range = [1, 1] }), "inputs[0].parts[0].range"),
        ("a mean without std", Image(ImagePart with { Mean = [0, 0, 0] }), "inputs[0].parts[0].std"),
        ("a mean of two values", Image(ImagePart with { Mean = [0, 0], Std = [1, 1, 1] }), "inputs[0].parts[0].mean"),
        ("a std of 0", Image(ImagePart with { Mean = [0, 0, 0], Std = [1, 0, 1] }), "inputs[0].parts[0].std"),
        ("a byte image beyond 255", Image(ImagePart with { Range = [0, 256] }, ElementType.Uint8), "inputs[0].parts[0].range"),
        ("a byte image of 0 and 1", Image(ImagePart, ElementType.Uint8), "inputs[0].parts[0].range"),
        ("a byte image with mean", Image(ImagePart with { Range = [0, 255], Mean = [0, 0, 0], Std = [1, 1, 1] }, ElementType.Uint8),
            "inputs[0].parts[0].mean"),
        ("a fractional hidden value of a byte image", Image(ImagePart with { Range = [0, 255], Hidden = 0.5f }, ElementType.Uint8),
            "inputs[0].parts[0].hidden"),
        ("a hidden value beyond half precision", Image(ImagePart with { Hidden = 70_000 }, ElementType.Float16),
            "inputs[0].parts[0].hidden"),
        ("a mask of one value", Inputs(Manifests.Image(), Manifests.Mask(MaskPart with { Known = 1 })), "inputs[1].parts[0].hole"),
        ("a byte mask with a fractional value",
            Inputs(Manifests.Image(), Manifests.Mask(MaskPart with { Known = 0.5f }, ElementType.Uint8)), "inputs[1].parts[0].known"),
        ("a byte mask beyond 255", Inputs(Manifests.Image(), Manifests.Mask(MaskPart with { Hole = 256 }, ElementType.Uint8)),
            "inputs[1].parts[0].hole"),
        ("an output without a name", Manifests.Fixed with { Output = Manifests.Fixed.Output with { Name = "" } }, "output.name"),
        ("an output range of equal values", Manifests.Fixed with { Output = Manifests.Fixed.Output with { Range = [2, 2] } },
            "output.range"),
        ("an output std without mean", Manifests.Fixed with { Output = Manifests.Fixed.Output with { Std = [1, 1, 1] } }, "output.mean"),
        ("a byte output of 0 and 1", Manifests.Fixed with { Output = Manifests.Fixed.Output with { Type = ElementType.Uint8 } },
            "output.range"),
        ("a caption in the input of the image",
            Manifests.Captioned with { Inputs = [new InputContract { Name = "a", Parts = [ImagePart, CaptionPart] }] },
            "inputs[0].parts[1]"),
        ("a caption part without its rules", Manifests.Captioned with { Caption = null }, "caption"),
        ("rules without a caption part", Manifests.Fixed with { Caption = Manifests.Captioned.Caption }, "caption"),
        ("no words", Words(), "caption.vocabulary"),
        ("a duplicate word", Words("sky", "sea", "sky"), "caption.vocabulary[2]"),
        ("an empty word", Words("sky", " "), "caption.vocabulary[1]"),
    ];

    public static TheoryData<string> Cases => [.. Wrong.Select(w => w.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_wrong_value_is_an_error_that_names_its_key(string name)
    {
        (_, GraphManifest manifest, string key) = Wrong.Single(w => w.Case == name);

        var error = Assert.Throws<ManifestException>(() => ManifestValidator.Validate(manifest, "onnx/a/model.json"));

        Assert.StartsWith("onnx/a/model.json: ", error.Message, StringComparison.Ordinal);
        Assert.Matches($@"(: |\n  ){System.Text.RegularExpressions.Regex.Escape(key)}: found .*, expected ", error.Message);
    }

    [Fact]
    public void Valid_manifests_pass()
    {
        ManifestValidator.Validate(Manifests.Fixed, "a");
        ManifestValidator.Validate(Manifests.Free, "b");
        ManifestValidator.Validate(Manifests.Captioned, "c");
        ManifestValidator.Validate(Image(ImagePart with { Range = [0, 255], Hidden = 255 }, ElementType.Uint8), "d");
        ManifestValidator.Validate(Image(ImagePart with { Mean = [0.5f, 0.5f, 0.5f], Std = [1, 1, 1] }), "e");
        ManifestValidator.Validate(Hole(32, 32, 32, 32), "f");
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        GraphManifest manifest = Manifests.Fixed with { Name = "", Output = Manifests.Fixed.Output with { Name = "" } };

        var error = Assert.Throws<ManifestException>(() => ManifestValidator.Validate(manifest, "m"));

        Assert.StartsWith("m: 2 problems\n  name: found ''", error.Message, StringComparison.Ordinal);
        Assert.Contains("\n  output.name: found ''", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_is_formatted_invariantly() =>
        Assert.Equal(
            "m: inputs[0].parts[0].range: found [0.5, 0.5], expected 2 different numbers, for black and white.",
            Assert.Throws<ManifestException>(() => ManifestValidator.Validate(Image(ImagePart with { Range = [0.5f, 0.5f] }), "m"))
                .Message);

    private static GraphManifest File(string file) => Manifests.Fixed with { Graph = Manifests.Fixed.Graph with { File = file } };

    private static GraphManifest Hole(int? x, int? y, int? width, int? height) =>
        Manifests.Fixed with { Hole = new HoleContract { Kind = HoleKind.Fixed, X = x, Y = y, Width = width, Height = height } };

    private static GraphManifest Inputs(params InputContract[] inputs) => Manifests.Fixed with { Inputs = inputs };

    private static GraphManifest Image(InputPart part, ElementType type = ElementType.Float32) => Inputs(Manifests.Image(part, type));

    private static GraphManifest Words(params string[] words) =>
        Manifests.Captioned with { Caption = new CaptionContract { Vocabulary = words } };
}
