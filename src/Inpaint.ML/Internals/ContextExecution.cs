using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Inpaint.ML.Internals;

/// <summary>What an <see cref="MLContext"/> says about execution.</summary>
internal static class ContextExecution
{
    /// <summary>
    /// Options that follow the context where they say nothing: <c>MLContext.GpuDeviceId</c> replaces the device <c>auto</c>,
    /// <c>MLContext.FallbackToCpu</c> allows the fallback, and warnings go to <c>MLContext.Log</c>.
    /// </summary>
    public static ExecutionOptions In(this ExecutionOptions options, IHostEnvironment env)
    {
        var context = env as IHostEnvironmentInternal;
        return options with
        {
            Device = options.Device == ExecutionOptions.Default.Device && context?.GpuDeviceId is { } index
                ? $"cuda:{index}"
                : options.Device,
            Fallback = options.Fallback || context?.FallbackToCpu == true,
            Warn = options.Warn ?? (message =>
            {
                using IChannel channel = env.Start("Inpaint");
                channel.Warning(MessageSensitivity.None, message);
            }),
        };
    }
}
