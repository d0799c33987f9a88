using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

/// <summary>Where and how the words of captions enter a network.</summary>
internal sealed record CaptionFeedConfig
{
    /// <summary><c>input</c>, <c>bottleneck</c>, or a decoder stage: <c>decoder1</c> (the deepest), <c>decoder2</c>, ...</summary>
    public required string Layer { get; init; }

    /// <summary>How the words enter the layer. Default FiLM.</summary>
    public CaptionFeedWay Way { get; init; } = CaptionFeedWay.Film;

    /// <summary>Size of the caption's embedding. Default 128.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>What must hold of the captions of a network.</summary>
    internal static IEnumerable<SettingRule> Rules(INetworkSettings network, string key) => network.Caption is not { } feed ? [] :
    [
        new(network.CaptionLayers.Contains(feed.Layer), $"{key}.layer", feed.Layer, string.Join(", ", network.CaptionLayers)),
        new(feed.Embedding is >= 1 and <= 4096, $"{key}.embedding", feed.Embedding, "1 to 4096"),
    ];
}

/// <summary>How a vector of words enters a layer.</summary>
internal enum CaptionFeedWay
{
    /// <summary>An embedding repeated over the picture, concatenated to the layer's channels.</summary>
    Concat,

    /// <summary>A scale and a shift per channel (arXiv 1709.07871).</summary>
    Film,

    /// <summary>Batch norm with scale and shift computed from the caption (arXiv 1707.00683).</summary>
    ConditionalBatchNorm,
}

/// <summary>Feeds the words of captions into a layer's feature map.</summary>
internal sealed class CaptionFeed : Module<Tensor, Tensor, Tensor>
{
    private readonly CaptionFeedWay _way;
    private readonly Sequential embed;
    private readonly Linear? affine;
    private readonly BatchNorm2d? norm;

    /// <param name="config">How, and the size of the embedding.</param>
    /// <param name="vocabulary">Words of the vocabulary.</param>
    /// <param name="channels">Channels of the feature map.</param>
    public CaptionFeed(CaptionFeedConfig config, int vocabulary, int channels) : base(nameof(CaptionFeed))
    {
        _way = config.Way;
        embed = Sequential(("words", Linear(vocabulary, config.Embedding)), ("relu", ReLU()));
        AddedChannels = config.Way == CaptionFeedWay.Concat ? config.Embedding : 0;
        affine = config.Way == CaptionFeedWay.Concat ? null : Affine(config.Embedding, channels);
        norm = config.Way == CaptionFeedWay.ConditionalBatchNorm ? BatchNorm2d(channels, affine: false) : null;
        RegisterComponents();
    }

    /// <summary>Channels added to the feature map.</summary>
    public int AddedChannels { get; }

    /// <summary>The number of a decoder stage: 2 of <c>decoder2</c>.</summary>
    public static int Stage(string layer) => int.Parse(layer.AsSpan("decoder".Length), System.Globalization.CultureInfo.InvariantCulture);

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

    // Initially the caption has almost no effect.
    private static Linear Affine(int embedding, int channels)
    {
        Linear layer = Linear(embedding, 2 * channels);
        init.normal_(layer.weight, 0, 0.01);
        init.zeros_(layer.bias!);
        return layer;
    }
}
