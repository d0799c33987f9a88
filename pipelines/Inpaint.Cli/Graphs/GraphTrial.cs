using System.Diagnostics;
using System.Globalization;
using Inpaint.CommandLine;
using Inpaint.Evaluation;
using Inpaint.Evaluation.Metrics;
using Inpaint.Scenes;

namespace Inpaint.Cli.Graphs;

/// <summary>A trial run of a graph on a fixed scene.</summary>
/// <param name="Milliseconds">The median time per photo, without decoding.</param>
/// <param name="HolePsnr">PSNR in the hole, in dB.</param>
/// <param name="Picture">The size and the hole.</param>
/// <param name="BytesPerPixel">
/// The peak memory of a run on a large picture, in bytes per pixel; null if the size is fixed, or the graph does not run on the CPU.
/// </param>
internal sealed record GraphTrial(double Milliseconds, double HolePsnr, EvaluationPicture Picture, long? BytesPerPixel)
{
    private const int Runs = 5;

    // Large enough for the peak of a run to exceed that of the start of the program.
    private const int LargeSide = 1536;

    /// <summary>Completes the scene several times.</summary>
    /// <exception cref="GraphException">The graph fails, returns non-finite values, or changes known pixels.</exception>
    public static GraphTrial Run(GraphFiles files, string folder, ExecutionOptions execution, CancellationToken cancellation)
    {
        using var inpainter = new Inpainter(
            GraphPackage.FromBytes(files.Model, files.ManifestJson, folder), new InpaintingOptions { Execution = execution });
        EvaluationPicture picture = EvaluationPicture.Of(files.Manifest);
        int side = Math.Clamp(Math.Max(picture.Width, picture.Height), SceneGenerator.MinSize, SceneGenerator.MaxSize);
        Scene scene = SceneGenerator.Draw(0, side);
        Photo truth = picture.Take(scene.Photo);
        Hole hole = Hole.Rectangle(picture.Hole!.Value);
        Photo completed = inpainter.Complete(truth, hole, [scene.Caption]);
        double[] times = new double[Runs];
        for (int i = 0; i < Runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            completed = inpainter.Complete(truth, hole, [scene.Caption]);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        var filled = new FilledPhoto(truth, completed, hole);
        try
        {
            filled.RequireKnownPixelsUnchanged();
        }
        catch (ArgumentException e)
        {
            throw new GraphException($"On a scene of {picture}: {e.Message}", e);
        }

        return new GraphTrial(
            Math.Round(times[Runs / 2], 3), filled.Psnr, picture,
            inpainter.Processor.Geometry.PictureSize is null && inpainter.Session.Device.IsCpu ? MeasureMemory(inpainter, scene) : null);
    }

    private static long MeasureMemory(Inpainter inpainter, Scene scene)
    {
        int side = Math.Min(LargeSide, inpainter.Graph.Manifest.Size.MaxSide);
        Photo large = WindowSampler.Resize(scene.Photo, side, side);
        Hole hole = Hole.Default(side, side);
        long pixels = inpainter.Processor.Geometry.Place(hole, side, side, perComponent: true)[0].PicturePixels;
        using var self = Process.GetCurrentProcess();
        long before = self.WorkingSet64;
        _ = inpainter.Complete(large, hole, [scene.Caption]);
        self.Refresh();
        return Math.Max(0, self.PeakWorkingSet64 - before) / pixels;
    }

    /// <summary>A human-readable summary.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"a scene at {Picture}: finite numbers, known pixels unchanged, {HolePsnr:0.00} dB in the hole, {Milliseconds:0.##} ms per photo"
        + $"{Memory}");

    private string Memory => BytesPerPixel is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", {bytes:N0} bytes per pixel") : "";
}
