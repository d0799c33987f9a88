using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>Disables the telemetry of ONNX Runtime.</summary>
internal static class Telemetry
{
    private static int s_off;

    /// <summary>Disables telemetry, once per process, before anything runs.</summary>
    public static OrtEnv Off()
    {
        OrtEnv environment = OrtEnv.Instance();
        if (Interlocked.Exchange(ref s_off, 1) == 0)
        {
            environment.DisableTelemetryEvents();
        }

        return environment;
    }
}
