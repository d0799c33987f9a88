namespace Inpaint.Fuzz;

/// <summary>The reader of <c>model.json</c>: an accepted manifest must survive a round trip and yield an encoder and a hole.</summary>
internal static class ManifestTarget
{
    public static FuzzTarget Target { get; } = new("manifest", Read, Seeds, BytesPerByte: 2000);

    private static void Read(byte[] json)
    {
        GraphManifest manifest;
        try
        {
            manifest = GraphManifest.Parse(json, "model.json");
        }
        catch (ManifestException e)
        {
            Answer.Check(e);
            return;
        }

        byte[] written = manifest.ToJson();
        if (!GraphManifest.Parse(written, "written").ToJson().AsSpan().SequenceEqual(written))
        {
            throw new OutOfBoundsException("A manifest changed in a round trip.");
        }

        if (manifest.Hole.Kind == HoleKind.Fixed)
        {
            _ = manifest.Hole.ToRect();
        }

        if (manifest.Caption is { } caption)
        {
            var encoder = new CaptionEncoder(caption with { Combine = CaptionCombination.Union });
            encoder.Encode(["A dog by the sea, 2 boats."], new float[encoder.Size]);
        }
    }

    private static IEnumerable<(string, byte[])> Seeds()
    {
        var image = new InputContract { Name = "image",
            Parts = [new InputPart { Role = PartRole.Image, Mean = [0.1f, 0.2f, 0.3f], Std = [1, 2, 3] }] };
        var mask = new InputContract { Name = "mask", Type = ElementType.Uint8,
            Parts = [new InputPart { Role = PartRole.Mask, Known = 255, Hole = 0 }, new InputPart { Role = PartRole.Ones }] };
        var words = new InputContract { Name = "caption", Parts = [new InputPart { Role = PartRole.Caption }] };
        var centre = new GraphManifest
        {
            Version = 1,
            Name = "centre",
            Graph = new GraphFileContract { Sha256 = new string('a', 64), Opset = 17 },
            Size = new SizeContract { Height = 64, Width = 64 },
            Hole = new HoleContract { Kind = HoleKind.Fixed, X = 16, Y = 16, Width = 32, Height = 32 },
            Inputs = [image],
            Output = new OutputContract { Name = "fill", Content = OutputContent.Fill },
        };
        yield return ("centre", centre.ToJson());
        yield return ("free", StrictJson.Write(centre with
        {
            Size = new SizeContract { MultipleOf = 8 },
            Hole = new HoleContract { Kind = HoleKind.Free },
            Inputs = [image, mask],
            Output = new OutputContract { Name = "output", Content = OutputContent.Pasted, Layout = TensorLayout.Nhwc, Range = [0, 255] },
        }));
        yield return ("captions", StrictJson.Write(centre with
        {
            Inputs = [image, words],
            Caption = new CaptionContract { Vocabulary = ["sky", "sea", "<number>", "été"], Encoding = CaptionEncoding.Count,
                Combine = CaptionCombination.Each },
            Provenance = new Provenance { Seed = 3, Data = ["train.zip"], Licence = "MIT" },
            Scores = new Dictionary<string, IReadOnlyDictionary<string, double>>
            {
                ["test"] = new Dictionary<string, double> { ["hole_mse"] = 0.04 },
            },
        }));
        yield return (
            "text", """{"version": 1, "name": "\u00e9\ud83d\ude00", "name": null, "inputs": [null, {}], "x": 1e999}"""u8.ToArray());
    }
}
