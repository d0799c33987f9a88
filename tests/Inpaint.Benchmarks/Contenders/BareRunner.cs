using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Benchmarks;

/// <summary>Decodes and scores with ONNX Runtime, reusing its buffers. Not thread-safe.</summary>
internal sealed class BareRunner : IDisposable
{
    private const int InputLength = 3 * ConvolutionGraph.Side * ConvolutionGraph.Side;
    private const int OutputLength = 3 * ConvolutionGraph.HoleSide * ConvolutionGraph.HoleSide;
    private static readonly string[] InputNames = ["image"], OutputNames = ["fill"];
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly BareDecoder _decoder = new();
    private readonly float[] _input, _output;
    private OrtValue? _inputValue, _outputValue;
    private int _batch;

    public BareRunner(InferenceSession session, int batchSize)
    {
        _session = session;
        _input = new float[batchSize * InputLength];
        _output = new float[batchSize * OutputLength];
    }

    /// <summary>The fills of the files; valid until the next call.</summary>
    public ReadOnlySpan<float> Run(ReadOnlySpan<string> paths)
    {
        for (int i = 0; i < paths.Length; i++)
        {
            _decoder.Decode(paths[i], _input.AsSpan(i * InputLength, InputLength));
        }

        Shape(paths.Length);
        _session.Run(_options, InputNames, [_inputValue!], OutputNames, [_outputValue!]);
        return _output.AsSpan(0, paths.Length * OutputLength);
    }

    public void Dispose()
    {
        _inputValue?.Dispose();
        _outputValue?.Dispose();
        _options.Dispose();
    }

    private void Shape(int batch)
    {
        if (batch == _batch)
        {
            return;
        }

        _inputValue?.Dispose();
        _outputValue?.Dispose();
        const int side = ConvolutionGraph.Side, holeSide = ConvolutionGraph.HoleSide;
        OrtMemoryInfo memory = OrtMemoryInfo.DefaultInstance;
        _inputValue = OrtValue.CreateTensorValueFromMemory(memory, _input.AsMemory(0, batch * InputLength), [batch, 3, side, side]);
        _outputValue = OrtValue.CreateTensorValueFromMemory(
            memory, _output.AsMemory(0, batch * OutputLength), [batch, 3, holeSide, holeSide]);
        _batch = batch;
    }
}
