using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Loop;

/// <summary>One batch on the device.</summary>
/// <param name="Image">[N, 3, S, S] with the hole zeroed.</param>
/// <param name="Truth">[N, 3, S, S], the whole photo.</param>
/// <param name="Caption">[N, V]; null without captions.</param>
/// <param name="Mask">[N, 1, S, S], 1 in the hole; null for the centre.</param>
internal sealed record DeviceBatch(Tensor Image, Tensor Truth, Tensor? Caption, Tensor? Mask)
{
    /// <summary>The network's second input.</summary>
    public Tensor? Condition => Mask ?? Caption;

    /// <summary>Copies a batch to the device, in the memory layout of the networks, and hides its holes.</summary>
    /// <param name="batch">The photos.</param>
    /// <param name="picture">Size and hole, where the batch has no masks.</param>
    /// <param name="compute">The device.</param>
    public static DeviceBatch From(PhotoBatch batch, PictureConfig picture, Compute compute)
    {
        Tensor rows = tensor(batch.Values, [batch.Count, batch.Size, batch.Size, 3]).to(compute.Device);
        Tensor truth = compute.Layout(rows.permute(0, 3, 1, 2));
        if (batch.Masks is { } masks)
        {
            Tensor mask = tensor(masks, [batch.Count, 1, batch.Size, batch.Size]).to(compute.Device);
            return new DeviceBatch(truth * (1 - mask), truth, null, mask);
        }

        Tensor image = truth.clone();
        using (Tensor hidden = Blocks.Centre(image, picture.Margin))
        {
            hidden.zero_();
        }

        Tensor? caption = batch.Words.Length > 0
            ? tensor(batch.Words, [batch.Count, batch.Words.Length / batch.Count]).to(compute.Device)
            : null;
        return new DeviceBatch(image, truth, caption, null);
    }
}
