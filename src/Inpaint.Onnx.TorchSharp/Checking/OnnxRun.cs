using Google.Protobuf;
using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static Inpaint.Onnx.Proto.TensorProto.Types;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Inpaint.Onnx.TorchSharp.Checking;

/// <summary>Runs a graph in ONNX Runtime on TorchSharp tensors.</summary>
internal static class OnnxRun
{
    /// <summary>Loads a graph that was written already.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="bytes">The same as a file has it.</param>
    /// <param name="weights">The folder where its weights lie; null where they are inside.</param>
    /// <exception cref="ExportException">ONNX Runtime has no code for something in it.</exception>
    public static InferenceSession Load(Proto.ModelProto model, byte[] bytes, string? weights)
    {
        using var options = new SessionOptions();
        if (weights is not null)
        {
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weights);
        }

        try
        {
            return new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException e)
        {
            var types = new HashSet<int>(model.Graph.Initializer.Select(i => i.DataType).Concat(model.Graph.Input.Select(i => i.Type.TensorType.ElemType)));
            string? type = types.Contains((int)DataType.Bfloat16) ? "bfloat16" : types.Contains((int)DataType.Double) ? "double" : null;
            throw new ExportException(type is null
                ? $"ONNX Runtime cannot load the graph: {e.Message} Write that step of the module in another way."
                : $"The module computes in {type}, for which ONNX Runtime's CPU code lacks an operator: {e.Message} Export it in float32 (module.to(ScalarType.Float32)), or without running the graph (Verify = false).", e);
        }
    }

    public static IReadOnlyList<Tensor> Run(InferenceSession session, IReadOnlyList<string> names, IReadOnlyList<Tensor> inputs)
    {
        var buffers = new List<TensorBuffer>();
        try
        {
            // A graph does not have the inputs that nothing is computed from.
            var used = new List<string>();
            for (int i = 0; i < inputs.Count; i++)
            {
                if (!session.InputMetadata.ContainsKey(names[i]))
                {
                    continue;
                }

                using Tensor plain = inputs[i].detach().cpu().contiguous();
                var buffer = new TensorBuffer(ElementTypeOf(plain.dtype));
                buffers.Add(buffer);
                used.Add(names[i]);
                buffer.Reshape(plain.shape);
                plain.bytes.CopyTo(buffer.Bytes);
            }

            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, used, [.. buffers.Select(b => b.Value)], session.OutputNames);
            return [.. results.Select(ToTensor)];
        }
        finally
        {
            buffers.ForEach(b => b.Dispose());
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

    private static TensorElementType ElementTypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => TensorElementType.Float,
        ScalarType.Float64 => TensorElementType.Double,
        ScalarType.Float16 => TensorElementType.Float16,
        ScalarType.BFloat16 => TensorElementType.BFloat16,
        ScalarType.Int64 => TensorElementType.Int64,
        ScalarType.Int32 => TensorElementType.Int32,
        ScalarType.Int16 => TensorElementType.Int16,
        ScalarType.Int8 => TensorElementType.Int8,
        ScalarType.Byte => TensorElementType.UInt8,
        ScalarType.Bool => TensorElementType.Bool,
        _ => throw new ExportException($"Tensors of {type} cannot be given to ONNX Runtime."),
    };

    private static ScalarType ScalarTypeOf(TensorElementType type) => type switch
    {
        TensorElementType.Float => ScalarType.Float32,
        TensorElementType.Double => ScalarType.Float64,
        TensorElementType.Float16 => ScalarType.Float16,
        TensorElementType.BFloat16 => ScalarType.BFloat16,
        TensorElementType.Int64 => ScalarType.Int64,
        TensorElementType.Int32 => ScalarType.Int32,
        TensorElementType.Int16 => ScalarType.Int16,
        TensorElementType.Int8 => ScalarType.Int8,
        TensorElementType.UInt8 => ScalarType.Byte,
        TensorElementType.Bool => ScalarType.Bool,
        _ => throw new ExportException($"ONNX Runtime gave a tensor of {type}, which TorchSharp does not have."),
    };
}
