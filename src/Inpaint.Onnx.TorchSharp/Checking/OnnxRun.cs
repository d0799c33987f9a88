using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Inpaint.Onnx.TorchSharp.Checking;

/// <summary>Runs a graph in ONNX Runtime on TorchSharp tensors.</summary>
internal static class OnnxRun
{
    private static readonly Dictionary<TensorElementType, ScalarType> Types = new[]
    {
        ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64, ScalarType.Int32,
        ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    }.ToDictionary(ElementTypeOf);

    /// <summary>Loads a graph.</summary>
    /// <param name="model">The graph's bytes.</param>
    /// <param name="weights">The folder of its weights; null where they are inside.</param>
    /// <param name="traces">The recordings that the graph was created from.</param>
    /// <exception cref="ExportException">ONNX Runtime has no code for something in it.</exception>
    public static InferenceSession Load(byte[] model, string? weights, Traces traces)
    {
        using var options = new SessionOptions();
        if (weights is not null)
        {
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weights);
        }

        try
        {
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e)
        {
            var types = new HashSet<ScalarType?>(traces.Nodes.SelectMany(n => n.Outputs).Select(o => o.ElementType));
            string? type = types.Contains(ScalarType.BFloat16) ? "bfloat16" : types.Contains(ScalarType.Float64) ? "double" : null;
            throw new ExportException(type is null
                ? $"ONNX Runtime cannot load the graph: {e.Message} Express that step of the module differently."
                : $"The module computes in {type}, for which ONNX Runtime's CPU code lacks an operator: {e.Message} Export it in float32 "
                    + "(module.to(ScalarType.Float32)), or without running the graph (Verify = false).", e);
        }
    }

    public static IReadOnlyList<Tensor> Run(InferenceSession session, IReadOnlyList<string> names, IReadOnlyList<Tensor> inputs)
    {
        var values = new List<OrtValue>();
        try
        {
            // A graph does not contain unused inputs.
            var used = new List<string>();
            for (int i = 0; i < inputs.Count; i++)
            {
                if (!session.InputMetadata.ContainsKey(names[i]))
                {
                    continue;
                }

                using Tensor plain = inputs[i].detach().cpu().contiguous();
                OrtValue value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, ElementTypeOf(plain.dtype), plain.shape);
                values.Add(value);
                used.Add(names[i]);
                if (plain.numel() > 0)
                {
                    plain.bytes.CopyTo(value.GetTensorMutableRawData());
                }
            }

            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, used, values, session.OutputNames);
            return [.. results.Select(ToTensor)];
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }
    }

    private static Tensor ToTensor(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        Tensor result = empty(info.Shape, ScalarTypeOf(info.ElementDataType));
        if (result.numel() > 0)
        {
            result.bytes = value.GetTensorMutableRawData();
        }

        return result;
    }

    // ONNX Runtime numbers element types as ONNX does.
    private static TensorElementType ElementTypeOf(ScalarType type) => (TensorElementType)(int)OperatorContext.DataTypeOf(type);

    private static ScalarType ScalarTypeOf(TensorElementType type) => Types.TryGetValue(type, out ScalarType found)
        ? found
        : throw new ExportException($"ONNX Runtime returned a tensor of {type}, which TorchSharp does not have.");
}
