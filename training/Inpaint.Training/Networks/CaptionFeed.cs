using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training;

/// <summary>Feeds a caption's words into a layer's feature map, in one of three ways.</summary>
internal sealed class CaptionFeed : Module<Tensor, Tensor, Tensor>
{
    private readonly CaptionFeedWay _way;
    private readonly Sequential embed;
    private readonly Linear? affine;
    private readonly BatchNorm2d? norm;

    /// <param name="config">The way and the size of the embedding.</param>
    /// <param name="vocabulary">Words of the vocabulary.</param>
    /// <param name="channels">Channels of the map that it is fed into.</param>
    public CaptionFeed(CaptionFeedConfig config, int vocabulary, int channels) : base(nameof(CaptionFeed))
    {
        _way = config.Way;
        embed = Sequential(("words", Linear(vocabulary, config.Embedding)), ("relu", ReLU()));
        AddedChannels = 0;
        switch (config.Way)
        {
            case CaptionFeedWay.Concat:
                AddedChannels = config.Embedding;
                break;
            case CaptionFeedWay.Film:
                affine = Affine(config.Embedding, channels);
                break;
            default:
                affine = Affine(config.Embedding, channels);
                norm = BatchNorm2d(channels, affine: false);
                break;
        }

        RegisterComponents();
    }

    /// <summary>How many more channels the map has afterwards.</summary>
    public int AddedChannels { get; }

    /// <summary>map [N, C, h, w], caption [N, V] -> [N, C + added, h, w].</summary>
    public override Tensor forward(Tensor map, Tensor caption)
    {
        Tensor words = embed.call(caption);
        if (_way == CaptionFeedWay.Concat)
        {
            Tensor everywhere = words.unsqueeze(-1).unsqueeze(-1).expand(words.shape[0], words.shape[1], map.shape[2], map.shape[3]);
            return cat([map, everywhere.to(map.dtype)], 1);
        }

        Tensor[] factors = affine!.call(words).unsqueeze(-1).unsqueeze(-1).chunk(2, 1);
        Tensor normal = norm is null ? map : norm.call(map);
        return normal * (1 + factors[0]) + factors[1];
    }

    // Starts as if there were no caption.
    private static Linear Affine(int embedding, int channels)
    {
        Linear layer = Linear(embedding, 2 * channels);
        init.normal_(layer.weight, 0, 0.01);
        init.zeros_(layer.bias!);
        return layer;
    }
}
