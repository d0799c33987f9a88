using System.Globalization;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>How a module becomes a graph.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>Names of the graph's inputs, one for each. Default: the names of forward's parameters.</summary>
    public IReadOnlyList<string> InputNames { get; init; } = [];

    /// <summary>Names of the graph's outputs, one for each. Default: <c>output</c>, or <c>output0</c>, <c>output1</c>, ...</summary>
    public IReadOnlyList<string> OutputNames { get; init; } = [];

    /// <summary>
    /// For each input, the axes whose size may differ from run to run. Default, when nothing stands here: axis 0 of every input.
    /// Axis 0 is <c>batch</c>, and axes 2 and 3 of four-dimensional inputs are <c>height</c> and <c>width</c>, the same for all inputs.
    /// </summary>
    public IDictionary<string, int[]> DynamicAxes { get; init; } = new Dictionary<string, int[]>();

    /// <summary>
    /// Names of axes, for each input one an axis: <c>["input_ids"] = ["batch", "sequence"]</c>; an empty one for the default. Axes of one name have the same
    /// size in every run, as token numbers and their mask have. Default: the names that <see cref="DynamicAxes"/> tells of.
    /// </summary>
    public IDictionary<string, string[]> AxisNames { get; init; } = new Dictionary<string, string[]>();

    /// <summary>
    /// Inputs of which only the example's own values make sense, such as offsets, lengths or the edges of a graph: forward is recorded and compared with those,
    /// not with random ones of their range. Default none.
    /// </summary>
    public IReadOnlyList<string> KeepValues { get; init; } = [];

    /// <summary>
    /// Largest difference between module and graph: absolute for values up to 1, relative above. Default 1e-4; with
    /// <see cref="Float16"/>, and for modules that compute in 16 bits themselves, at least 0.02, twenty times what a 16-bit float is rounded by.
    /// </summary>
    public float Tolerance { get; init; } = 1e-4f;

    /// <summary>Whether the graph is run in ONNX Runtime and compared with the module before it is written. Default yes.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>Whether a batch norm behind a convolution, a transposed one or a linear layer becomes a part of it. Default yes.</summary>
    public bool FoldBatchNorm { get; init; } = true;

    /// <summary>Whether weights are stored and computed as 16-bit floats; inputs and outputs stay as they are. Default no.</summary>
    public bool Float16 { get; init; }

    /// <summary>
    /// Whether weights lie in a file of their own beside the graph, <c>model.onnx.data</c>, which those who load the graph must have too. Default: where
    /// they are more than the 2 GB that one file can hold. A graph that is exported into memory has them inside.
    /// </summary>
    public bool? ExternalData { get; init; }

    /// <summary>ONNX operator set, 13 to 23. Default 17.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>Key and value pairs written into the graph.</summary>
    public IDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>What an export wrote.</summary>
/// <param name="Nodes">Nodes of the graph.</param>
/// <param name="Parameters">Numbers in its weights and constants.</param>
/// <param name="Bytes">Size of the file, weights beside it included.</param>
/// <param name="Operators">How often each operator stands in it.</param>
/// <param name="LargestDifference">The largest difference found between module and graph; NaN when it was not verified.</param>
/// <param name="Checked">The inputs' shapes that were compared, such as <c>image [5, 3, 64, 64]</c>.</param>
public sealed record OnnxExportResult(int Nodes, long Parameters, long Bytes, IReadOnlyDictionary<string, int> Operators, double LargestDifference, IReadOnlyList<string> Checked)
{
    /// <inheritdoc />
    public override string ToString()
    {
        string difference = double.IsNaN(LargestDifference) ? "not verified" : string.Create(CultureInfo.InvariantCulture, $"largest difference {LargestDifference:0.0e+0} at {string.Join("; ", Checked)}");
        string operators = string.Join(", ", Operators.OrderByDescending(o => o.Value).Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Key} {o.Value}")));
        return string.Create(CultureInfo.InvariantCulture, $"{Nodes} nodes ({operators}), {Parameters:N0} parameters, {Bytes:N0} bytes, {difference}");
    }
}
