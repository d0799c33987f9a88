using System.Globalization;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Options of an export.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>Names of the graph's inputs, one for each. Default: the names of forward's parameters.</summary>
    public IReadOnlyList<string> InputNames { get; init; } = [];

    /// <summary>Names of the graph's outputs, one for each. Default: <c>output</c>, or <c>output0</c>, <c>output1</c>, ...</summary>
    public IReadOnlyList<string> OutputNames { get; init; } = [];

    /// <summary>
    /// For each input, the axes whose size may differ between runs. Default: axis 0 of every input.
    /// Axis 0 is <c>batch</c>, and axes 2 and 3 of four-dimensional inputs are <c>height</c> and <c>width</c>, the same for all inputs.
    /// </summary>
    public IDictionary<string, int[]> DynamicAxes { get; init; } = new Dictionary<string, int[]>();

    /// <summary>
    /// Names of axes, one for each axis of an input: <c>["input_ids"] = ["batch", "sequence"]</c>; an empty name for the default. Axes of
    /// one name have the same size in every run, as token ids and their mask. Default: see <see cref="DynamicAxes"/>.
    /// </summary>
    public IDictionary<string, string[]> AxisNames { get; init; } = new Dictionary<string, string[]>();

    /// <summary>
    /// Inputs for which only the example's own values make sense, such as offsets or lengths: forward is recorded and compared with those,
    /// not with random values of the same range. Default none.
    /// </summary>
    public IReadOnlyList<string> KeepValues { get; init; } = [];

    /// <summary>
    /// The largest accepted difference between module and graph, relative to each value, or for values below the output's root mean square,
    /// to that. Default 1e-4; with
    /// <see cref="Float16"/>, and for modules that compute in 16 bits themselves, at least 0.02, twenty times the rounding error of a
    /// 16-bit float.
    /// </summary>
    public float Tolerance { get; init; } = 1e-4f;

    /// <summary>Whether to compare the graph, run in ONNX Runtime, with the module before writing it. Default true.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>
    /// Whether forward may take values out of tensors in C# (<c>item</c>, <c>equal</c>) and change its fields when it is called. The graph
    /// keeps what it did for the example; each place is a warning in the result and the file's metadata. Default false: it is an error.
    /// </summary>
    public bool AllowDataReads { get; init; }

    /// <summary>
    /// Seconds that comparing at many sizes of the dynamic axes may take, 0 to 3,600; small sizes come first. Above a size of 64,
    /// differences may be larger than <see cref="Tolerance"/> in proportion to the size, as rounding errors are. Default 2.
    /// </summary>
    public double CompareSeconds { get; init; } = 2;

    /// <summary>Whether to fold batch norms into a preceding (transposed) convolution or linear layer. Default true.</summary>
    public bool FoldBatchNorm { get; init; } = true;

    /// <summary>Whether to store and compute in 16-bit floats; inputs and outputs keep their types. Default false.</summary>
    public bool Float16 { get; init; }

    /// <summary>
    /// Whether to write the weights to a separate file next to the graph, <c>model.onnx.data</c>. Default: if
    /// they exceed the 2 GB limit of one file. A graph in memory always contains its weights.
    /// </summary>
    public bool? ExternalData { get; init; }

    /// <summary>ONNX operator set, 13 to 23. Default 17.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>Metadata written into the graph.</summary>
    public IDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>The result of an export.</summary>
/// <param name="Nodes">The number of nodes.</param>
/// <param name="Parameters">The number of values in weights and constants.</param>
/// <param name="Bytes">The size of the file, including external weights.</param>
/// <param name="Operators">The number of nodes of each operator.</param>
/// <param name="LargestDifference">The largest difference found between module and graph; NaN when it was not verified.</param>
/// <param name="Checked">The input shapes at which graph and module were compared, such as <c>image [5, 3, 64, 64]</c>.</param>
public sealed record OnnxExportResult(int Nodes, long Parameters, long Bytes, IReadOnlyDictionary<string, int> Operators,
    double LargestDifference, IReadOnlyList<string> Checked)
{
    private const int Listed = 10;

    /// <summary>What may make the graph wrong for other inputs than those compared.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <inheritdoc />
    public override string ToString()
    {
        string difference = double.IsNaN(LargestDifference) ? "not verified"
            : string.Create(
                CultureInfo.InvariantCulture, $"largest difference {LargestDifference:0.0e+0} at {string.Join("; ", Checked.Take(Listed))}")
                + (Checked.Count > Listed ? $" and {(Checked.Count - Listed).ToString(CultureInfo.InvariantCulture)} other shapes" : "");
        string operators =
            string.Join(", ",
                Operators.OrderByDescending(o => o.Value).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key} {o.Value}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"{Nodes} nodes ({operators}), {Parameters:N0} parameters, {Bytes:N0} bytes, {difference}")
            + string.Concat(Warnings.Select(w => $"{Environment.NewLine}Warning: {w}"));
    }
}
