using Inpaint.Onnx.TorchSharp;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>Where and in which precision networks run.</summary>
internal sealed class Compute
{
    private readonly Autocast? _autocast;

    private Compute(Device device, Autocast? autocast, bool channelsLast)
    {
        Device = device;
        _autocast = autocast;
        ChannelsLast = channelsLast;
    }

    /// <summary>The device that weights and batches lie on.</summary>
    public Device Device { get; }

    /// <summary>Whether convolutions' weights and inputs lie with the channels last in memory.</summary>
    public bool ChannelsLast { get; }

    /// <summary>Whether forward passes run under autocast.</summary>
    public bool IsMixed => _autocast is not null;

    /// <summary>Chooses device and precision.</summary>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <param name="precision">The precision asked for.</param>
    /// <param name="channelsLast">Whether memory is laid out with the channels last.</param>
    /// <param name="notes">Told of what is not there.</param>
    /// <exception cref="FailedException">The device is unknown or absent.</exception>
    public static Compute Create(string device, Precision precision, bool channelsLast, Action<string> notes)
    {
        Device chosen = ParseDevice(device);
        if (chosen.type == DeviceType.CUDA)
        {
            if (!cuda.is_available())
            {
                throw new FailedException($"--device {device}: this libtorch finds no CUDA device. Build with -p:Libtorch=cuda on a machine that has one, or take --device cpu.");
            }

            if (chosen.index >= cuda.device_count())
            {
                throw new FailedException($"--device {device}: there are {cuda.device_count()} CUDA devices, numbered from 0.");
            }
        }

        _ = LibtorchBackends.DisableNnpack();
        if (chosen.type == DeviceType.CPU && !channelsLast && LibtorchBackends.IsOneDnnBroken)
        {
            _ = LibtorchBackends.DisableBrokenOneDnn();
            notes("oneDNN computes convolutions wrongly here unless channels come last: it is left out, which is slower. Take channels_last.");
        }

        Autocast? autocast = null;
        if (precision == Precision.Bfloat16)
        {
            string? reason = chosen.type != DeviceType.CPU ? "bfloat16 autocast is used on the CPU only: training runs in float32."
                : !BrainFloat.IsFast() ? "This processor has no bfloat16 of its own: training runs in float32."
                : null;
            autocast = reason is null ? Autocast.TryCreate(out reason) : null;
            if (autocast is not null && BrainFloatTrial.FirstWrong(autocast, channelsLast ? Relaid : t => t) is { } wrong)
            {
                autocast = null;
                reason = $"bfloat16 is wrong here ({wrong}): training runs in float32.{(channelsLast ? "" : " Try channels_last.")}";
            }

            if (reason is not null)
            {
                notes(reason);
            }
        }

        return new Compute(chosen, autocast, channelsLast);
    }

    /// <summary>Moves a network to the device and lays its convolutions' weights out.</summary>
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
            weight.set_(Relaid(weight));
        }
    }

    /// <summary>Lays a batch of pictures [N, C, H, W] out as the networks want it.</summary>
    public Tensor Layout(Tensor batch) => ChannelsLast ? Relaid(batch) : batch.contiguous();

    /// <summary>A forward pass in the chosen precision; the result is float32.</summary>
    public Tensor Forward(Func<Tensor> forward) => _autocast is null ? forward() : _autocast.Run(forward).to(ScalarType.Float32);

    /// <summary>A forward pass with several results; autocast's own types.</summary>
    public T Run<T>(Func<T> forward) => _autocast is null ? forward() : _autocast.Run(forward);

    private static Tensor Relaid(Tensor t) => t.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    private static Device ParseDevice(string text)
    {
        if (text == "cpu")
        {
            return CPU;
        }

        if (text == "cuda")
        {
            return new Device(DeviceType.CUDA, 0);
        }

        return text.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(text.AsSpan(5), System.Globalization.NumberStyles.None, null, out int index)
            ? new Device(DeviceType.CUDA, index)
            : throw new FailedException($"--device {text}: expected cpu, cuda or cuda:N.");
    }
}
