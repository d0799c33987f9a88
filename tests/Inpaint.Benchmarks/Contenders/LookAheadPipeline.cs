using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Benchmarks;

/// <summary>
/// Stock image transforms, and a session that scores batches of 32 rows that are read ahead on the reader's thread: what custom
/// transformers for images usually do.
/// </summary>
internal sealed class LookAheadPipeline : IContender
{
    private const int BatchSize = 32;
    private const int InputLength = 3 * ConvolutionGraph.Side * ConvolutionGraph.Side;
    private const int OutputLength = 3 * ConvolutionGraph.HoleSide * ConvolutionGraph.HoleSide;
    private static readonly string[] InputNames = ["image"], OutputNames = ["fill"];

    private readonly MLContext _ml = new();
    private readonly ITransformer _pixels;
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly float[] _input = new float[BatchSize * InputLength], _output = new float[BatchSize * OutputLength];

    public LookAheadPipeline(string graphFolder)
    {
        _pixels = _ml.Transforms.LoadImages("Photo", "", nameof(PhotoRow.Path))
            .Append(_ml.Transforms.ResizeImages("Window", ConvolutionGraph.Side, ConvolutionGraph.Side, "Photo"))
            .Append(_ml.Transforms.ExtractPixels("image", "Window", scaleImage: 1f / 255))
            .Fit(Rows.Of(_ml, []));
        _session = new InferenceSession(Path.Combine(graphFolder, "model.onnx"));
    }

    public int Run(IEnumerable<string> paths)
    {
        int waiting = 0;
        int rows = Rows.Read<VBuffer<float>>(_pixels.Transform(Rows.Of(_ml, paths)), "image", image =>
        {
            image.CopyTo(_input.AsSpan(waiting * InputLength, InputLength));
            if (++waiting == BatchSize)
            {
                Score(BatchSize);
                waiting = 0;
            }
        });
        if (waiting > 0)
        {
            Score(waiting);
        }

        return rows;
    }

    public void Dispose()
    {
        _options.Dispose();
        _session.Dispose();
    }

    private void Score(int batch)
    {
        const int side = ConvolutionGraph.Side, holeSide = ConvolutionGraph.HoleSide;
        OrtMemoryInfo memory = OrtMemoryInfo.DefaultInstance;
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            memory, _input.AsMemory(0, batch * InputLength), [batch, 3, side, side]);
        using OrtValue output = OrtValue.CreateTensorValueFromMemory(
            memory, _output.AsMemory(0, batch * OutputLength), [batch, 3, holeSide, holeSide]);
        _session.Run(_options, InputNames, [input], OutputNames, [output]);
    }
}
