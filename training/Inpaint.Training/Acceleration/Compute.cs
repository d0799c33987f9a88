using System.Globalization;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Acceleration;

/// <summary>Device, precision and memory layout of a training.</summary>
internal sealed class Compute
{
    private readonly Autocast? _autocast;

    private Compute(Device device, Autocast? autocast, bool channelsLast)
    {
        Device = device;
        _autocast = autocast;
        ChannelsLast = channelsLast;
    }

    /// <summary>The device of weights and batches.</summary>
    public Device Device { get; }

    /// <summary>Whether the weights and inputs of convolutions are channels-last.</summary>
    public bool ChannelsLast { get; }

    /// <summary>Whether forward passes run under autocast.</summary>
    public bool IsMixed => _autocast is not null;

    /// <summary>Chooses device and precision.</summary>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="precision">The requested precision.</param>
    /// <param name="channelsLast">Whether to use the channels-last memory layout.</param>
    /// <param name="warn">Receives what is unavailable, and why.</param>
    /// <exception cref="FailedException">The device is unknown or absent.</exception>
    public static Compute Create(string device, Precision precision, bool channelsLast, Action<string> warn)
    {
        Device chosen = ParseDevice(device);
        if (chosen.type == DeviceType.CUDA)
        {
            if (!cuda.is_available())
            {
                throw new FailedException(
                    $"--device {device}: this libtorch finds no CUDA device. Build with -p:Libtorch=cuda on a machine that has one, or "
                        + $"use --device cpu.");
            }

            if (chosen.index >= cuda.device_count())
            {
                throw new FailedException($"--device {device}: there are {cuda.device_count()} CUDA devices, numbered from 0.");
            }
        }

        // NNPACK is used for a few layouts only, and warns at every call where it cannot run.
        _ = LibtorchBackends.DisableNnpack();
        if (chosen.type == DeviceType.CPU && !channelsLast && LibtorchBackends.IsOneDnnBroken)
        {
            _ = LibtorchBackends.DisableBrokenOneDnn();
            warn("oneDNN computes convolutions wrongly on this processor unless they are channels-last: it is disabled, which is slower. "
                + "Set channels_last.");
        }

        return new Compute(chosen, precision == Precision.Bfloat16 ? CreateAutocast(chosen, channelsLast, warn) : null, channelsLast);
    }

    /// <summary>Moves a network to the device and gives the weights of its convolutions their memory layout.</summary>
    public void Place(nn.Module module)
    {
        module.to(Device);
        if (!ChannelsLast)
        {
            return;
        }

        using IDisposable quiet = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach (TorchSharp.Modules.Parameter weight in module.parameters().Where(p => p.dim() == 4))
        {
            weight.set_(ToChannelsLast(weight));
        }
    }

    /// <summary>Gives a batch of pictures [N, C, H, W] its memory layout.</summary>
    public Tensor Layout(Tensor batch) => ChannelsLast ? ToChannelsLast(batch) : batch.contiguous();

    /// <summary>A forward pass in the chosen precision; the result is float32.</summary>
    public Tensor Forward(Func<Tensor> forward) => _autocast is null ? forward() : _autocast.Run(forward).to(ScalarType.Float32);

    /// <summary>A forward pass with several results, of the types that autocast gives.</summary>
    public T Run<T>(Func<T> forward) => _autocast is null ? forward() : _autocast.Run(forward);

    private static Autocast? CreateAutocast(Device device, bool channelsLast, Action<string> warn)
    {
        string? reason = device.type != DeviceType.CPU ? "bfloat16 autocast is used on the CPU only: training runs in float32."
            : !Bfloat16Check.IsFast() ? "This processor does not support bfloat16: training runs in float32."
            : null;
        Autocast? autocast = reason is null ? Autocast.TryCreate(out reason) : null;
        if (autocast is not null && Bfloat16Check.FirstDifference(autocast, channelsLast ? ToChannelsLast : t => t) is { } wrong)
        {
            autocast = null;
            reason = $"bfloat16 is wrong on this processor ({wrong}): training runs in "
                + $"float32.{(channelsLast ? "" : " Try channels_last.")}";
        }

        if (reason is not null)
        {
            warn(reason);
        }

        return autocast;
    }

    private static Tensor ToChannelsLast(Tensor t) => t.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static Device ParseDevice(string text) => text switch
    {
        "cpu" => CPU,
        "cuda" => new Device(DeviceType.CUDA, 0),
        _ when text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), NumberStyles.None, null, out int index) =>
            new Device(DeviceType.CUDA, index),
        _ => throw new FailedException($"--device {text}: expected cpu, cuda or cuda:N."),
    };
}
