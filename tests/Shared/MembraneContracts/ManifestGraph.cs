using Inpaint.ClassicGraphs;

namespace Inpaint.TestSupport;

/// <summary>Builds the membrane fill of the centre as a graph with the inputs and outputs of a manifest.</summary>
internal sealed class ManifestGraph
{
    // Graphs that generate the whole picture do not reproduce known pixels.
    private const float GeneratedKnown = 0.5f;

    private readonly GraphBuilder builder;
    private readonly GraphManifest manifest;
    private readonly GraphDimension batch;

    private ManifestGraph(GraphManifest manifest, GraphDimension batch)
    {
        builder = new GraphBuilder(manifest.Name);
        this.manifest = manifest;
        this.batch = batch;
    }

    /// <summary>The graph.</summary>
    /// <param name="manifest">Inputs and outputs; its hash is ignored.</param>
    /// <param name="batch">Pictures per run: a number, or a name for any number.</param>
    /// <param name="firstOutput">The name of an all-black output before the result; optional.</param>
    public static OnnxModel Build(GraphManifest manifest, GraphDimension batch, string? firstOutput = null) =>
        new ManifestGraph(manifest, batch).Build(firstOutput);

    private OnnxModel Build(string? firstOutput)
    {
        string? image = null, mask = null;
        foreach (InputContract input in manifest.Inputs)
        {
            foreach ((InputPart part, string value) in Parts(input))
            {
                image = part.Role == PartRole.Image ? DecodeImage(value, part) : image;
                mask = part.Role == PartRole.Mask ? Affine(value, 1 / (part.Hole - part.Known), -part.Known / (part.Hole - part.Known))
                    : mask;
            }
        }

        string fill = MembraneGraph.Fill(builder, image!);
        if (firstOutput is not null)
        {
            builder.Output(firstOutput, Affine(image!, 0, 0), DataType.Float, Dims(manifest.Output.Layout, 3, MembraneGraph.Side));
        }

        OutputContract output = manifest.Output;
        string picture = output.Content switch
        {
            OutputContent.Fill => fill,
            OutputContent.Photo => Blend(builder.Constant("generated_known", [GeneratedKnown]), InPlace(fill), mask!),
            _ => Blend(image!, InPlace(fill), mask!),
        };
        int side = output.Content == OutputContent.Fill ? MembraneGraph.HoleSide : MembraneGraph.Side;
        builder.Output(output.Name, Encode(picture, output), TypeOf(output.Type), Dims(output.Layout, 3, side));
        return builder.Build();
    }

    // The input's parts as float32 [N,channels,64,64].
    private IEnumerable<(InputPart Part, string Value)> Parts(InputContract input)
    {
        long[] channels = [.. input.Parts.Select(p => p.Role == PartRole.Image ? 3L : 1)];
        string value = builder.Input(input.Name, TypeOf(input.Type), Dims(input.Layout, channels.Sum(), MembraneGraph.Side));
        value = input.Type == ElementType.Float32 ? value : Cast(value, DataType.Float);
        value = input.Layout == TensorLayout.Nchw ? value : builder.Node("Transpose", [value], ("perm", new long[] { 0, 3, 1, 2 }));
        IReadOnlyList<string> parts = channels.Length == 1
            ? [value]
            : builder.Nodes("Split", [value, builder.Constant("channels", channels)], channels.Length, ("axis", 1));
        return input.Parts.Zip(parts);
    }

    private string DecodeImage(string value, InputPart part)
    {
        string decoded = part.Mean is not null
            ? PerChannel(value, part.Std!, part.Mean)
            : Affine(value, 1 / (part.Range[1] - part.Range[0]), -part.Range[0] / (part.Range[1] - part.Range[0]));
        return Rgb(decoded, part.Channels);
    }

    private string Encode(string picture, OutputContract output)
    {
        string value = Rgb(picture, output.Channels);
        value = output.Mean is not null
            ? PerChannel(value, [.. output.Std!.Select(s => 1 / s)], [.. output.Mean.Zip(output.Std!, (m, s) => -m / s)])
            : Affine(value, output.Range[1] - output.Range[0], output.Range[0]);
        value = output.Layout == TensorLayout.Nchw ? value : builder.Node("Transpose", [value], ("perm", new long[] { 0, 2, 3, 1 }));
        return output.Type switch
        {
            ElementType.Float32 => value,
            ElementType.Float16 => Cast(value, DataType.Float16),
            _ => Cast(builder.Node("Clip", [builder.Node("Round", [value]), Scalar("black", 0), Scalar("white", 255)]), DataType.Uint8),
        };
    }

    // The fill where the centre is, on a picture that is black elsewhere.
    private string InPlace(string fill)
    {
        long right = MembraneGraph.Side - MembraneGraph.Hole.Right, below = MembraneGraph.Side - MembraneGraph.Hole.Bottom;
        return builder.Node("Pad",
            [fill, builder.Constant("margins", [0L, 0, MembraneGraph.Hole.Y, MembraneGraph.Hole.X, 0, 0, below, right])]);
    }

    private string Blend(string known, string filled, string mask) =>
        builder.Node("Add", [known, builder.Node("Mul", [mask, builder.Node("Sub", [filled, known])])]);

    private string Rgb(string value, ChannelOrder order) =>
        order == ChannelOrder.Rgb ? value : builder.Node("Gather", [value, builder.Constant("reversed", [2L, 1, 0])], ("axis", 1));

    private string Affine(string value, float factor, float offset) => (factor, offset) == (1, 0)
        ? value
        : builder.Node("Add", [builder.Node("Mul", [value, Scalar("factor", factor)]), Scalar("offset", offset)]);

    private string PerChannel(string value, IReadOnlyList<float> factors, IReadOnlyList<float> offsets) => builder.Node(
        "Add",
        [
            builder.Node("Mul", [value, builder.Constant("factors", TensorData.Make([.. factors], 3, 1, 1))]),
            builder.Constant("offsets", TensorData.Make([.. offsets], 3, 1, 1)),
        ]);

    private string Scalar(string name, float value) => builder.Constant(name, TensorData.Make([value]));

    private string Cast(string value, DataType type) => builder.Node("Cast", [value], ("to", (int)type));

    private GraphDimension[] Dims(TensorLayout layout, long channels, long side) =>
        layout == TensorLayout.Nchw ? [batch, channels, side, side] : [batch, side, side, channels];

    private static DataType TypeOf(ElementType type) => type switch
    {
        ElementType.Float32 => DataType.Float,
        ElementType.Float16 => DataType.Float16,
        _ => DataType.Uint8,
    };
}
