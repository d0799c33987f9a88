using System.Diagnostics;
using System.Globalization;
using Inpaint.Cli.Score;
using Inpaint.Scenes;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Inpaint.Cli.Doctor;

/// <summary>The checks of <c>doctor</c>, each with its finding and a remedy.</summary>
internal static class Checks
{
    private const int TrialPhotos = 256;

    /// <summary>Decodes and encodes a picture with SkiaSharp's native library.</summary>
    public static DoctorCheck Skia() => Try(
        "SkiaSharp",
        "Its native library does not load: restore again on this machine (dotnet restore --force), or add the SkiaSharp.NativeAssets "
            + "package of this system to the program.",
        () =>
        {
            Photo scene = SceneGenerator.Draw(0).Photo;
            Photo again = PhotoCodec.Decode(PhotoCodec.Encode(scene), name: "a scene as PNG");
            return again.Pixels.SequenceEqual(scene.Pixels)
                ? $"libSkiaSharp {SkiaSharpVersion.Native}; a PNG is written and read bit for bit"
                : throw new PhotoException("A PNG that was read back differs from the picture that was written.");
        });

    /// <summary>Loads ONNX Runtime and lists its execution providers.</summary>
    public static DoctorCheck OnnxRuntime() => Try(
        "ONNX Runtime",
        "Its native library does not load: restore again on this machine (dotnet restore --force); "
            + "with -p:OnnxRuntime=gpu, CUDA and cuDNN must be installed too.",
        () => $"{OrtEnv.Instance().GetVersionString()} with {string.Join(", ", GraphDevice.AvailableProviders)}; "
            + $"auto is {GraphDevice.Resolve("auto").Device}");

    /// <summary>Loads every graph that can be found by name.</summary>
    public static IEnumerable<DoctorCheck> Graphs() => GraphLocator.Names().Select(name => Try(
        $"graph {name}",
        $"Recreate '{name}' with the program that wrote it, or remove its folder.",
        () =>
        {
            GraphPackage graph = GraphPackage.Load(name);
            using var inpainter = new Inpainter(graph);
            return $"{graph.Model.Length / 1024.0:N0} KiB in {GraphLocator.Find(name)}";
        }));

    /// <summary>Completes scenes through the pipeline, once to warm up and once timed.</summary>
    public static (DoctorCheck Check, double? PhotosPerSecond) Trial(CancellationToken cancellation)
    {
        double? rate = null;
        DoctorCheck check = Try(
            "trial",
            "Fix the problems above first; if there are none, report this message.",
            () =>
            {
                using var pipeline = new PhotoPipeline(
                    graph: null, new InpaintingOptions { Output = new OutputOptions { Format = PhotoFormat.Png }, OnError = OnError.Row },
                    masks: null);
                ScoreItem[] items = [.. new SceneDataset(TrialPhotos).Read().Select(
                    r => new ScoreItem(r.Id, r.Id, Held(r), [], null, r.Stamp))];
                _ = Complete(pipeline, items, cancellation);
                TimeSpan time = Complete(pipeline, items, cancellation);
                rate = Math.Round(TrialPhotos / time.TotalSeconds, 1);
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rate:N0} photos per second ({TrialPhotos} scenes of 64 pixels, PNG to PNG, graph '{pipeline.Manifest.Name}')");
            });
        return (check, rate);
    }

    /// <summary>The newest SDK installed with the running .NET; null if none.</summary>
    public static string? FindSdk()
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "sdk"));
        return Directory.Exists(root)
            ? Directory.EnumerateDirectories(root).Select(Path.GetFileName).MaxBy(
                name => Version.TryParse(name!.Split('-')[0], out Version? version) ? version : new Version())
            : null;
    }

    private static TimeSpan Complete(PhotoPipeline pipeline, ScoreItem[] items, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        foreach (ScoreItem photo in pipeline.Complete(items, areFiles: false))
        {
            cancellation.ThrowIfCancellationRequested();
            if (photo.Status != InpaintingStatus.Ok)
            {
                throw new GraphException($"A scene was not completed: {photo.Error}");
            }
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private static DoctorCheck Try(string name, string remedy, Func<string> check)
    {
        try
        {
            return new DoctorCheck(name, true, check());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Any exception is the finding.
            Exception cause = e is TypeInitializationException { InnerException: { } inner } ? inner : e;
            return new DoctorCheck(name, false, cause.Message, remedy);
        }
    }

    /// <summary>A scene whose PNG is in memory, so that generation is not timed.</summary>
    private static PhotoRecord Held(PhotoRecord scene)
    {
        byte[] bytes = scene.ReadBytes();
        return scene with { Read = () => bytes };
    }
}
