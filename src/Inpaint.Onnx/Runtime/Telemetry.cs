using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>Disables the telemetry of ONNX Runtime.</summary>
internal static class Telemetry
{
    private static int s_off;

    /// <summary>Disables telemetry, once per process, before anything runs.</summary>
    /// <exception cref="GraphException">The native library of ONNX Runtime is missing.</exception>
    public static OrtEnv Off()
    {
        OrtEnv environment;
        try
        {
            environment = OrtEnv.Instance();
        }
        catch (Exception e) when (e.GetBaseException() is DllNotFoundException or BadImageFormatException)
        {
            throw new GraphException(
                "The native library of ONNX Runtime is not there, or not for this system; graphs run in it. Add one of the packages "
                + "Microsoft.ML.OnnxRuntime (CPU) and Microsoft.ML.OnnxRuntime.Gpu (CUDA) to the program: "
                + "dotnet add package Microsoft.ML.OnnxRuntime.", e);
        }

        if (Interlocked.Exchange(ref s_off, 1) == 0)
        {
            environment.DisableTelemetryEvents();
        }

        return environment;
    }
}
