using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Training.Networks;

/// <summary>Where and how the words of captions enter a network.</summary>
internal sealed record CaptionFeedConfig
{
    /// <summary>
    /// <c>input</c>, <c>bottleneck</c>, a decoder stage: <c>decoder1</c> (the deepest), <c>decoder2</c>, ...; or <c>decoders</c> for all
    /// stages, with one embedding and FiLM.
    /// </summary>
    public required string Layer { get; init; }

    /// <summary>The name of all decoder stages together.</summary>
    internal const string AllDecoders = "decoders";

    /// <summary>How the words enter the layer. Default FiLM.</summary>
    public CaptionFeedWay Way { get; init; } = CaptionFeedWay.Film;

    /// <summary>Size of the caption's embedding. Default 128.</summary>
    public int Embedding { get; init; } = 128;

    /// <summary>What must hold of the captions of a network.</summary>
    internal static IEnumerable<SettingRule> Rules(INetworkSettings network, string key) => network.Caption is not { } feed ? [] :
    [
        new(network.CaptionLayers.Contains(feed.Layer), $"{key}.layer", feed.Layer, string.Join(", ", network.CaptionLayers)),
        new(
            feed.Layer != AllDecoders || feed.Way == CaptionFeedWay.Film, $"{key}.way", feed.Way, $"film with the layer {AllDecoders}"),
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

/// <summary>Feeds the words of captions into the feature maps of one or several layers.</summary>
internal sealed class CaptionFeed : Module<Tensor, Tensor, Tensor>
{
    private readonly CaptionFeedWay _way;
    private readonly int[] _channels;
    private readonly Sequential embed;
    private readonly Linear? affine;
    private readonly BatchNorm2d? norm;

    /// <param name="config">How, and the size of the embedding.</param>
    /// <param name="vocabulary">Words of the vocabulary.</param>
    /// <param name="channels">Channels of each feature map; with FiLM only, there may be several.</param>
    public CaptionFeed(CaptionFeedConfig config, int vocabulary, params int[] channels) : base(nameof(CaptionFeed))
    {
        (_way, _channels) = (config.Way, channels);
        embed = Sequential(("words", Linear(vocabulary, config.Embedding)), ("relu", ReLU()));
        AddedChannels = config.Way == CaptionFeedWay.Concat ? config.Embedding : 0;
        affine = config.Way == CaptionFeedWay.Concat ? null : Affine(config.Embedding, channels.Sum());
        norm = config.Way == CaptionFeedWay.ConditionalBatchNorm ? BatchNorm2d(channels[0], affine: false) : null;
        RegisterComponents();
    }

    /// <summary>Channels added to the feature map.</summary>
    public int AddedChannels { get; }

    /// <summary>The number of a decoder stage: 2 of <c>decoder2</c>.</summary>
    public static int Stage(string layer) => int.Parse(layer.AsSpan("decoder".Length), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>map [N, C, h, w], caption [N, V] -> [N, C + added, h, w].</summary>
    public override Tensor forward(Tensor map, Tensor caption) => forward(map, caption, 0);

    /// <summary>The same for one of several feature maps, by its index.</summary>
    public Tensor forward(Tensor map, Tensor caption, int index)
    {
        Tensor words = embed.call(caption);
        if (_way == CaptionFeedWay.Concat)
        {
            Tensor everywhere = words.unsqueeze(-1).unsqueeze(-1).expand(words.shape[0], words.shape[1], map.shape[2], map.shape[3]);
            return cat([map, everywhere.to(map.dtype)], 1);
        }

        Tensor all = affine!.call(words), own = _channels.Length == 1
            ? all
            : all.narrow(1, 2 * _channels.Take(index).Sum(), 2 * _channels[index]);
        Tensor[] factors = own.unsqueeze(-1).unsqueeze(-1).chunk(2, 1);
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
