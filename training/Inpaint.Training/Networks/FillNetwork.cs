using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training.Networks;

/// <summary>
/// A network that fills the hole. Inputs: image [N, 3, S, S], RGB, 0..1, zero in the hole; some networks also take a caption [N, V] of 0
/// and 1. Output: the hole's pixels [N, 3, H, H]. A network for any mask takes the mask [N, 1, S, S], 1 in the hole, as its second input
/// instead and gives the whole completed picture. Outputs are clamped to 0..1 in evaluation mode only, so that gradients reach them in
/// training.
/// </summary>
internal abstract class FillNetwork(string name) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    /// <summary>Prefix of the weights that feed captions in.</summary>
    public const string FeedPrefix = "feed.";

    /// <summary>The weights of the layer that embeds captions: a column for each word of the vocabulary.</summary>
    public const string WordWeights = FeedPrefix + "embed.words.weight";

    public virtual bool TakesCaptions => false;

    /// <summary>The divergence of a variational network's code in the last forward pass; null for other networks.</summary>
    public virtual Tensor? Divergence => null;

    /// <summary>The fill without a second input.</summary>
    public Tensor forward(Tensor image) => forward(image, null);

    /// <inheritdoc />
    public override Tensor forward(Tensor image, Tensor? second)
    {
        Tensor fill = Fill(image, second);
        return training ? fill : fill.clamp(0, 1);
    }

    /// <summary>The fill before clamping.</summary>
    protected abstract Tensor Fill(Tensor image, Tensor? second);
}
