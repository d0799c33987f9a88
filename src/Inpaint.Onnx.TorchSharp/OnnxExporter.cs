using Google.Protobuf;
using Inpaint.Onnx.TorchSharp.Checking;
using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Libtorch;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>
/// Exports TorchSharp modules to ONNX: libtorch records what forward does with an example, the record becomes a graph, and the
/// graph is compared with the module in ONNX Runtime before anything is written.
/// </summary>
public static class OnnxExporter
{
    private const double HalfTolerance = 2e-2;

    /// <summary>Exports a module with one input.</summary>
    /// <param name="module">The module; its mode, gradients, random state, types and devices are afterwards as before.</param>
    /// <param name="path">The file, written whole or not at all.</param>
    /// <param name="example">An input of the right shape and type, with values of the range that is to be expected.</param>
    /// <param name="options">Names, dynamic axes, tolerance; null for the defaults.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ExportException">The module does something that cannot be exported, or the graph's values differ from the module's.</exception>
    /// <exception cref="ArgumentException">An example or an option is missing or outside its range.</exception>
    /// <exception cref="IOException">There cannot be a file of that path.</exception>
    /// <exception cref="PlatformNotSupportedException">Export does not work on this platform or with this TorchSharp.</exception>
    public static OnnxExportResult Export(nn.Module module, string path, Tensor example, OnnxExportOptions? options = null) =>
        Export(module, path, [example], options);

    /// <summary>Exports a module with several inputs.</summary>
    /// <inheritdoc cref="Export(nn.Module, string, Tensor, OnnxExportOptions?)"/>
    public static OnnxExportResult Export(nn.Module module, string path, IReadOnlyList<Tensor> examples, OnnxExportOptions? options = null)
    {
        using var file = new GraphFile(path);
        (byte[] model, OnnxExportResult result) = Export(module, examples, options ?? new OnnxExportOptions(), file);
        file.Write(model);
        return result;
    }

    /// <summary>The operators that libtorch records for a module, in the order they first run: what an export has to convert.</summary>
    /// <param name="module">The module; afterwards as before.</param>
    /// <param name="examples">An example for each input.</param>
    /// <param name="options">The dynamic axes of the export; null for the defaults.</param>
    public static IReadOnlyList<string> RecordedOperators(nn.Module module, IReadOnlyList<Tensor> examples, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(examples);
        options ??= new OnnxExportOptions();
        ExportArguments.Check(examples, options);
        using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
        using IDisposable right = OneDnn.DisableWhereBroken();
        using var state = new ModuleState(module);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var call = ModuleCall.Of(module, examples);
        using var traces = Traces.Record(module, call, InputsOf(call, examples, options));
        return [.. traces.Nodes.Select(n => n.Kind).Where(k => !k.StartsWith("prim::", StringComparison.Ordinal)).Distinct()];
    }

    /// <summary>Exports a module into memory.</summary>
    /// <inheritdoc cref="Export(nn.Module, string, Tensor, OnnxExportOptions?)"/>
    public static (byte[] Model, OnnxExportResult Result) ToBytes(nn.Module module, IReadOnlyList<Tensor> examples, OnnxExportOptions? options = null) =>
        Export(module, examples, options ?? new OnnxExportOptions(), file: null);

    private static (byte[] Model, OnnxExportResult Result) Export(nn.Module module, IReadOnlyList<Tensor> examples, OnnxExportOptions options, GraphFile? file)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(examples);
        ExportArguments.Check(examples, options);
        using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
        using IDisposable right = OneDnn.DisableWhereBroken();
        using var state = new ModuleState(module);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var call = ModuleCall.Of(module, examples);
        var inputs = InputsOf(call, examples, options);

        // What fails on the example itself has nothing to do with what is tried next.
        call.Run([.. examples.Select(e => e.clone())]);
        using var traces = Traces.Record(module, call, inputs);
        var converter = new GraphConverter(traces, inputs, OnnxConverters.Table, options.Opset);
        Proto.ModelProto model = converter.Convert(options.OutputNames, options.Metadata);
        GraphPasses.Run(model, options.FoldBatchNorm, options.Float16);
        _ = GraphInspection.Inspect(model);
        long parameters = model.Graph.Initializer.Sum(i => i.Dims.Aggregate(1L, (a, b) => a * b)), beside = 0;
        string? weights = null;
        if (options.ExternalData ?? !GraphSize.FitsOneFile(model.Graph))
        {
            weights = file?.WriteWeights(model.Graph, out beside);
        }

        GraphSize.Require(model.Graph);
        byte[] bytes = model.ToByteArray();
        (double difference, IReadOnlyList<string> compared) = options.Verify
            ? ExportCheck.Compare(model, bytes, weights, converter, call, inputs, ToleranceOf(traces, options))
            : (double.NaN, []);
        return (bytes, new OnnxExportResult(
            model.Graph.Node.Count,
            parameters,
            bytes.LongLength + beside,
            model.Graph.Node.GroupBy(n => n.OpType).ToDictionary(g => g.Key, g => g.Count()),
            difference,
            compared));
    }

    private static ExportInputs InputsOf(ModuleCall call, IReadOnlyList<Tensor> examples, OnnxExportOptions options) =>
        ExportInputs.Of(call, examples, options.InputNames, options.DynamicAxes, options.AxisNames, options.KeepValues);

    /// <summary>A graph of 16-bit floats is rounded, and so is one whose module computes in them.</summary>
    private static double ToleranceOf(Traces traces, OnnxExportOptions options) =>
        options.Float16 || traces.Nodes.SelectMany(n => n.Outputs).Any(o => o.ElementType is ScalarType.Float16 or ScalarType.BFloat16)
            ? Math.Max(options.Tolerance, HalfTolerance)
            : options.Tolerance;
}
