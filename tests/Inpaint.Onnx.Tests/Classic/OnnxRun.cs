using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Tests.Classic;

/// <summary>Runs a graph directly in ONNX Runtime, independently of this project's code.</summary>
internal static class OnnxRun
{
    public static OrtValue Tensor<T>(T[] values, params long[] dims) where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(values, dims);

    public static (T[] Values, long[] Dims) Run<T>(byte[] model, string output, params (string Name, OrtValue Value)[] inputs) where T
        : unmanaged
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(model, options);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, [.. inputs.Select(i => i.Name)],
            [.. inputs.Select(i => i.Value)], [output]);
        foreach ((_, OrtValue value) in inputs)
        {
            value.Dispose();
        }

        return (results[0].GetTensorDataAsSpan<T>().ToArray(), results[0].GetTensorTypeAndShape().Shape);
    }
}
