using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>
/// A network that fills the hole: image [N, 3, S, S], red green blue, 0..1, zero in the hole, and for some a caption [N, V] of 0 and 1, go in;
/// the hole's pixels [N, 3, H, H] come out. In evaluation mode they are within 0..1; in training mode they may leave it, so that gradients
/// reach them.
/// </summary>
internal abstract class FillNetwork(string name) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    /// <summary>How the names of the weights begin that feed captions in.</summary>
    public const string FeedPrefix = "feed.";

    /// <summary>The weights of the first layer behind a caption: a column for each word of the vocabulary.</summary>
    public const string WordWeights = FeedPrefix + "embed.words.weight";

    /// <summary>Whether the network takes captions.</summary>
    public virtual bool TakesCaptions => false;

    /// <summary>A term of the last forward pass that the loss needs beside the fill (a variational network's divergence); null for none.</summary>
    public virtual Tensor? Divergence => null;

    /// <summary>The fill without a caption.</summary>
    public Tensor forward(Tensor image) => forward(image, null);

    /// <inheritdoc />
    public override Tensor forward(Tensor image, Tensor? caption)
    {
        Tensor fill = Fill(image, caption);
        return training ? fill : fill.clamp(0, 1);
    }

    /// <summary>The fill as the network makes it.</summary>
    protected abstract Tensor Fill(Tensor image, Tensor? caption);
}
