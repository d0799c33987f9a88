using Inpaint.ClassicGraphs;

namespace Inpaint.TestSupport;

/// <summary>The manifests of the contracts.</summary>
internal static class MembraneManifests
{
    private static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    private static readonly float[] Std = [0.229f, 0.224f, 0.225f];

    public static GraphManifest Of(MembraneContract contract, GraphFileContract file) => contract switch
    {
        MembraneContract.Ours or MembraneContract.Batch1 or MembraneContract.Batch8 => Fixed(contract, file, Image, Fill),
        MembraneContract.Nhwc => Fixed(contract, file, Image with { Layout = TensorLayout.Nhwc }, Fill with { Layout = TensorLayout.Nhwc }),
        MembraneContract.Float16 =>
            Fixed(contract, file, Image with { Type = ElementType.Float16 }, Fill with { Type = ElementType.Float16 }),
        MembraneContract.BgrToRgb =>
            Fixed(contract, file, Image with { Parts = [new() { Role = PartRole.Image, Channels = ChannelOrder.Bgr }] }, Fill),
        MembraneContract.Normalised => Fixed(
            contract,
            file,
            Image with { Parts = [new() { Role = PartRole.Image, Mean = Mean, Std = Std }] },
            Fill with { Mean = Mean, Std = Std }),
        MembraneContract.Lama => Free(contract, file, [Image, Mask], Pasted with { Range = [0, 255] }),
        MembraneContract.LamaBgr => Free(
            contract,
            file,
            [Image with { Parts = [new() { Role = PartRole.Image, Channels = ChannelOrder.Bgr }] }, Mask],
            Pasted with { Range = [0, 255], Channels = ChannelOrder.Bgr }),
        MembraneContract.LamaManga => Free(contract, file, [Image, Mask], Pasted),
        MembraneContract.MiGanPipeline => Free(
            contract,
            file,
            [
                new() { Name = "image", Type = ElementType.Uint8, Parts = [new() { Role = PartRole.Image, Range = [0, 255] }] },
                new() { Name = "mask", Type = ElementType.Uint8, Parts = [new() { Role = PartRole.Mask, Known = 255, Hole = 0 }] },
            ],
            new() { Name = "result", Content = OutputContent.Pasted, Type = ElementType.Uint8, Range = [0, 255] }),
        MembraneContract.MiGanRaw => Free(
            contract,
            file,
            [
                new()
                {
                    Name = "input",
                    Parts =
                    [
                        new() { Role = PartRole.Mask, Known = 0.5f, Hole = -0.5f },
                        new() { Role = PartRole.Image, Range = [-1, 1], Hidden = 0 },
                    ],
                },
            ],
            new() { Name = "output", Content = OutputContent.Photo, Range = [-1, 1] }),
        MembraneContract.DeepFill => Free(
            contract,
            file,
            [
                new()
                {
                    Name = "input",
                    Parts = [new() { Role = PartRole.Image, Range = [-1, 1], Hidden = 0 }, new() { Role = PartRole.Ones },
                        new() { Role = PartRole.Mask }],
                },
            ],
            new() { Name = "fine", Content = OutputContent.Photo, Range = [-1, 1] }),
        _ => throw new ArgumentOutOfRangeException(nameof(contract), contract, null),
    };

    private static InputContract Image => new() { Name = "image", Parts = [new() { Role = PartRole.Image }] };

    private static InputContract Mask => new() { Name = "mask", Parts = [new() { Role = PartRole.Mask }] };

    private static OutputContract Fill => new() { Name = "fill", Content = OutputContent.Fill };

    private static OutputContract Pasted => new() { Name = "output", Content = OutputContent.Pasted };

    private static GraphManifest Fixed(MembraneContract contract, GraphFileContract file, InputContract input, OutputContract output) =>
        Manifest(contract, file, MembraneGraph.CentreHole, [input], output);

    // By their contract these fill any hole; only the centre gives the membrane.
    private static GraphManifest Free(MembraneContract contract, GraphFileContract file, InputContract[] inputs, OutputContract output) =>
        Manifest(contract, file, new HoleContract { Kind = HoleKind.Free }, inputs, output);

    private static GraphManifest Manifest(MembraneContract contract, GraphFileContract file, HoleContract hole, InputContract[] inputs,
        OutputContract output) => new()
    {
        Version = GraphManifest.CurrentVersion,
        Name = $"membrane-{contract.ToString().ToLowerInvariant()}",
        Graph = file,
        Size = new SizeContract { Height = MembraneGraph.Side, Width = MembraneGraph.Side },
        Hole = hole,
        Inputs = inputs,
        Output = output,
        Provenance = ClassicGraph.Provenance,
    };
}
