using Inpaint.Onnx.Optimization;
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
    /// <param name="module">The module; its mode, gradients, random state, types and devices are restored afterwards.</param>
    /// <param name="path">The file, written atomically.</param>
    /// <param name="example">An input of the right shape and type, with values in the expected range.</param>
    /// <param name="options">Names, dynamic axes, tolerance; null for the defaults.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ExportException">The module does something that cannot be exported, or the graph's values differ from the
    /// module's.</exception>
    /// <exception cref="ArgumentException">An example or an option is missing or outside its range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
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
    /// <param name="module">The module; restored afterwards.</param>
    /// <param name="examples">An example for each input.</param>
    /// <param name="options">The dynamic axes of the export; null for the defaults.</param>
    public static IReadOnlyList<string> RecordedOperators(nn.Module module, IReadOnlyList<Tensor> examples,
        OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(examples);
        options ??= new OnnxExportOptions();
        ExportArguments.Check(examples, options);
        using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
        using IDisposable right = LibtorchBackends.DisableBrokenOneDnn();
        using var state = new ModuleState(module);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var call = ModuleCall.Of(module, examples);
        using var traces = Traces.Record(module, call, InputsOf(call, examples, options));
        return [.. traces.Nodes.Select(n => n.Kind).Where(k => !k.StartsWith("prim::", StringComparison.Ordinal)).Distinct()];
    }

    /// <summary>Exports a module into memory.</summary>
    /// <inheritdoc cref="Export(nn.Module, string, Tensor, OnnxExportOptions?)"/>
    public static (byte[] Model, OnnxExportResult Result) ToBytes(nn.Module module, IReadOnlyList<Tensor> examples,
        OnnxExportOptions? options = null) =>
        Export(module, examples, options ?? new OnnxExportOptions(), file: null);

    private static (byte[] Model, OnnxExportResult Result) Export(nn.Module module, IReadOnlyList<Tensor> examples,
        OnnxExportOptions options, GraphFile? file)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(examples);
        ExportArguments.Check(examples, options);
        using GarbageCollectionPause pause = GarbageCollectionPause.Begin();
        using IDisposable right = LibtorchBackends.DisableBrokenOneDnn();
        using var state = new ModuleState(module);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        var call = ModuleCall.Of(module, examples);
        var inputs = InputsOf(call, examples, options);

        // A failure on the example itself is not due to the sizes and values tried next.
        var fields = new ModuleFields(module);
        call.Run([.. examples.Select(e => e.clone())]);
        fields.ReadAgain();
        call.Run([.. examples.Select(e => e.clone())]);
        string[] changed = [.. fields.Changed()];
        using var traces = Traces.Record(module, call, inputs);
        string[] refused = [.. DataReads(traces), .. changed];
        string[] warnings = [.. refused, .. DataReadScan.Of(module).Select(place =>
            $"{place}, which libtorch cannot record: a graph keeps what forward does with the values of the example.")];

        // Reads of the module's own constants are harmless; one whose result is not accepted for other inputs is not.
        if (refused.Length == 0 && traces.RejectedValues.Count > 0)
        {
            refused = [.. warnings.Select(w => $"{w} It rejects inputs that are {traces.RejectedValues[0]}.")];
        }

        if (refused.Length > 0 && !options.AllowDataReads)
        {
            throw new ExportException(
                $"{refused[0]} Keep the step in tensors (torch.where, gather, amax and the like) and forward without memory, or set "
                    + $"{nameof(options.AllowDataReads)} if the graph is right with what the example gives.");
        }

        var converter = new GraphConverter(traces, inputs, OnnxConverters.Table, options.Opset);
        OnnxModel model = converter.Convert(options.OutputNames, warnings.Length == 0
            ? options.Metadata
            : new Dictionary<string, string>(options.Metadata) { ["warnings"] = string.Join('\n', warnings) });
        GraphOptimizer.Optimize(model, options.FoldBatchNorm, options.Float16);
        GraphInspectionResult inspected = GraphInspection.Inspect(model);
        long beside = 0;
        string? weights = null;
        if (options.ExternalData ?? !GraphSize.FitsOneFile(model.WeightBytes))
        {
            weights = file?.WriteWeights(model, out beside);
        }

        GraphSize.Require(model.WeightBytes, "The graph's weights");
        byte[] bytes = model.ToBytes();
        (double difference, IReadOnlyList<string> compared) = options.Verify
            ? ExportCheck.Compare(
                model, bytes, weights, converter, call, inputs, ToleranceOf(traces, options), options.CompareSeconds)
            : (double.NaN, []);
        return (bytes, new OnnxExportResult(
            inspected.Operators.Values.Sum(),
            inspected.Parameters,
            bytes.LongLength + beside,
            inspected.Operators.ToDictionary(o => o.Key[(o.Key.IndexOf(':', StringComparison.Ordinal) + 1)..], o => o.Value),
            difference,
            compared) { Warnings = warnings });
    }

    private static IEnumerable<string> DataReads(Traces traces) => traces.Reads.Select(place =>
        $"forward takes a value out of a tensor in C# (item, ToSingle, equal or the like) {place}; a graph would keep what it does with "
            + "the value of the example.");

    private static ExportInputs InputsOf(ModuleCall call, IReadOnlyList<Tensor> examples, OnnxExportOptions options) =>
        ExportInputs.Of(call, examples, options.InputNames, options.DynamicAxes, options.AxisNames, options.KeepValues);

    /// <summary>Graphs and modules of 16-bit floats are rounded more.</summary>
    private static double ToleranceOf(Traces traces, OnnxExportOptions options) =>
        options.Float16 || traces.Nodes.SelectMany(n => n.Outputs).Any(o => o.ElementType is ScalarType.Float16 or ScalarType.BFloat16)
            ? Math.Max(options.Tolerance, HalfTolerance)
            : options.Tolerance;
}
