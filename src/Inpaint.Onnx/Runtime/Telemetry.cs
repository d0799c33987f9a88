using Microsoft.ML.OnnxRuntime;

namespace Inpaint.Onnx.Runtime;

/// <summary>ONNX Runtime may report its use to its makers; through this library it does not.</summary>
internal static class Telemetry
{
    private static int s_off;

    /// <summary>Turns it off, once in a process, before anything runs.</summary>
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
