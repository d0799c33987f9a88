using Inpaint.TestSupport;
using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Tests.Classic;

/// <summary>The tensors of each contract, written by hand from the graphs' documentation, without a manifest.</summary>
internal static class ContractTensors
{
    private static readonly double[] Mean = [0.485, 0.456, 0.406];
    private static readonly double[] Std = [0.229, 0.224, 0.225];

    /// <summary>The inputs for photos of bytes [count,3,64,64] in RGB with the centre hidden.</summary>
    public static (string Name, OrtValue Value)[] Encode(MembraneContract contract, byte[] photos)
    {
        int count = photos.Length / (3 * 4096);
        OrtValue floats(Func<int, int, int, double> value, int channels) =>
            OnnxRun.Tensor(Nchw(count, channels, value), count, channels, 64, 64);
        double unit(int n, int c, int i) => InHole(i) ? 0 : photos[(n * 3 + c) * 4096 + i] / 255.0;
        double signed(int n, int c, int i) => InHole(i) ? 0 : photos[(n * 3 + c) * 4096 + i] / 127.5 - 1;
        double hole(int n, int c, int i) => InHole(i) ? 1 : 0;
        return contract switch
        {
            MembraneContract.Ours or MembraneContract.Batch1 or MembraneContract.Batch8 => [("image", floats(unit, 3))],
            MembraneContract.Lama or MembraneContract.LamaManga => [("image", floats(unit, 3)), ("mask", floats(hole, 1))],
            MembraneContract.LamaBgr => [("image", floats((n, c, i) => unit(n, 2 - c, i), 3)), ("mask", floats(hole, 1))],
            MembraneContract.BgrToRgb => [("image", floats((n, c, i) => unit(n, 2 - c, i), 3))],
            MembraneContract.Normalised => [("image", floats((n, c, i) => InHole(i) ? 0 : (unit(n, c, i) - Mean[c]) / Std[c], 3))],
            MembraneContract.Float16 => [("image", OnnxRun.Tensor([.. Nchw(count, 3, unit).Select(v => (Float16)v)], count, 3, 64, 64))],
            MembraneContract.Nhwc => [("image", OnnxRun.Tensor(Nhwc(count, unit), count, 64, 64, 3))],
            MembraneContract.MiGanPipeline =>
            [
                ("image", OnnxRun.Tensor(photos, count, 3, 64, 64)),
                ("mask", OnnxRun.Tensor([.. Nchw(count, 1, hole).Select(v => v == 1 ? (byte)0 : (byte)255)], count, 1, 64, 64)),
            ],
            MembraneContract.MiGanRaw => [("input", floats((n, c, i) => c == 0 ? (InHole(i) ? 0 : 1) - 0.5 : signed(n, c - 1, i), 4))],
            MembraneContract.DeepFill => [("input", floats((n, c, i) => c < 3 ? signed(n, c, i) : c == 3 ? 1 : hole(n, c, i), 5))],
            _ => throw new ArgumentOutOfRangeException(nameof(contract), contract, null),
        };
    }

    /// <summary>Runs the graph and reads the fill [count,3,32,32], RGB in grey levels 0..255.</summary>
    public static double[] Run(MembraneContract contract, byte[] model, byte[] photos)
    {
        (string, OrtValue)[] inputs = Encode(contract, photos);
        return contract switch
        {
            MembraneContract.Float16 => Levels(OnnxRun.Run<Float16>(model, "fill", inputs).Values.Select(v => (double)v.ToFloat()), 255, 0),
            MembraneContract.MiGanPipeline =>
                Centre(Levels(OnnxRun.Run<byte>(model, "result", inputs).Values.Select(v => (double)v), 1, 0)),
            MembraneContract.MiGanRaw => Centre(Levels(Floats("output"), 127.5, 127.5)),
            MembraneContract.DeepFill => Centre(Levels(Floats("fine"), 127.5, 127.5)),
            MembraneContract.Lama => Centre([.. Floats("output")]),
            MembraneContract.LamaBgr => SwapRedAndBlue(Centre([.. Floats("output")]), 1024),
            MembraneContract.LamaManga => Centre(Levels(Floats("output"), 255, 0)),
            MembraneContract.Nhwc => ChannelsFirst(Levels(Floats("fill"), 255, 0)),
            MembraneContract.Normalised => [.. Floats("fill").Select((v, i) => (v * Std[i / 1024 % 3] + Mean[i / 1024 % 3]) * 255)],
            _ => Levels(Floats("fill"), 255, 0),
        };

        IEnumerable<double> Floats(string output) => OnnxRun.Run<float>(model, output, inputs).Values.Select(v => (double)v);
    }

    private static bool InHole(int i) => i / 64 is >= 16 and < 48 && i % 64 is >= 16 and < 48;

    private static float[] Nchw(int count, int channels, Func<int, int, int, double> value) =>
        [.. Enumerable.Range(0, count * channels * 4096).Select(k => (float)value(k / 4096 / channels, k / 4096 % channels, k % 4096))];

    private static float[] Nhwc(int count, Func<int, int, int, double> value) =>
        [.. Enumerable.Range(0, count * 4096 * 3).Select(k => (float)value(k / 3 / 4096, k % 3, k / 3 % 4096))];

    private static double[] Levels(IEnumerable<double> values, double factor, double offset) =>
        [.. values.Select(v => v * factor + offset)];

    private static double[] Centre(double[] whole) => [.. whole.Where((_, k) => InHole(k % 4096))];

    private static double[] SwapRedAndBlue(double[] values, int plane) =>
        [.. values.Select((_, k) => values[(k / plane / 3 * 3 + 2 - k / plane % 3) * plane + k % plane])];

    private static double[] ChannelsFirst(double[] values) =>
        [.. values.Select((_, k) => values[(k / 3072 * 1024 + k % 1024) * 3 + k / 1024 % 3])];
}
