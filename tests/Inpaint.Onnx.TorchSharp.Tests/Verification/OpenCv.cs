using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Inpaint.CommandLine;
using Inpaint.TestSupport;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>OpenCV's dnn module, an independent ONNX implementation, in Python (Debian's python3-opencv).</summary>
internal static class OpenCv
{
    // Another Python without the system's packages may precede the system's in PATH.
    private static readonly string[] Candidates = ["python3", "/usr/bin/python3"];

    private const string Program = """
        import sys, numpy, cv2
        model, pictures, answers, *shape = sys.argv[1:]
        net = cv2.dnn.readNetFromONNX(model)
        given = numpy.fromfile(pictures, numpy.float32).reshape([int(n) for n in shape])
        found = []
        for i in range(len(given)):
            net.setInput(given[i:i + 1])
            found.append(net.forward().copy())
        numpy.concatenate(found).astype(numpy.float32).tofile(answers)
        """;

    private static readonly Lazy<(string? Python, string Version)> Installed = new(() => Candidates
        .Select(python => (python, asked: Start(python, "-c", "import cv2; print(cv2.__version__)")))
        .Where(c => c.asked.ExitCode == 0)
        .Select(c => ((string?)c.python, c.asked.Text.Trim()))
        .FirstOrDefault((null, "")));

    /// <summary>The version of OpenCV; the test is skipped if it is not installed.</summary>
    public static string Version()
    {
        Assert.SkipWhen(Installed.Value.Python is null,
            "No Python with OpenCV is installed (asked: python3, /usr/bin/python3): apt-get install python3-opencv.");
        return Installed.Value.Version;
    }

    /// <summary>Runs a graph on pictures one by one, and returns all values of its only output.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="pictures">Values of a batch.</param>
    /// <param name="shape">The batch's shape.</param>
    public static float[] Run(ReadOnlySpan<byte> model, float[] pictures, params long[] shape)
    {
        Version();
        using var folder = new TemporaryFolder();
        string graph = folder.File("model.onnx"), given = folder.File("given"), found = folder.File("found");
        File.WriteAllBytes(graph, model);
        File.WriteAllBytes(given, MemoryMarshal.AsBytes(pictures.AsSpan()));
        string[] sizes = [.. shape.Select(s => s.ToString(CultureInfo.InvariantCulture))];
        (int exit, string text) = Start(Installed.Value.Python!, ["-c", Program, graph, given, found, .. sizes]);
        Assert.True(exit == 0, $"OpenCV {Version()} does not read or run the graph: {text}");
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(found)).ToArray();
    }

    private static (int ExitCode, string Text) Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OPENCV_LOG_LEVEL"] = "SILENT";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{program} with OpenCV took more than two minutes.");
            }

            process.WaitForExit();
            return (process.ExitCode, output.Result + errors.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message); // the program does not exist
        }
    }
}
