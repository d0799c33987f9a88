using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>Brings batches to the device and hides their centres.</summary>
internal static class Batches
{
    /// <summary>The batch as tensors, laid out for the networks.</summary>
    public static DeviceBatch ToDevice(PhotoBatch batch, TrainingConfig config, Compute compute, int vocabulary)
    {
        PictureConfig picture = config.Picture;
        Tensor rows = tensor(batch.Values, [batch.Count, picture.Size, picture.Size, 3]).to(compute.Device);
        Tensor truth = compute.Layout(rows.permute(0, 3, 1, 2));
        Tensor fill = Blocks.Centre(truth, picture.Margin);
        Tensor image = truth.clone();
        using (Tensor hidden = Blocks.Centre(image, picture.Margin))
        {
            hidden.zero_();
        }

        Tensor? caption = vocabulary > 0 ? tensor(batch.Words, [batch.Count, vocabulary]).to(compute.Device) : null;
        return new DeviceBatch(image, truth, fill, caption);
    }
}
