using System.Text.Json;

namespace Inpaint.Training.Networks;

/// <summary>The network of a training: exactly one property is set. A new kind of network is one more property, and its own file.</summary>
internal sealed record NetworkConfig
{
    /// <summary>The encoder-decoder of the course.</summary>
    public EncoderDecoderConfig? EncoderDecoder { get; init; }

    /// <summary>The U-Net over the membrane fill.</summary>
    public UNetConfig? Unet { get; init; }

    /// <summary>The U-Net for any mask, over a pull-push fill.</summary>
    public FreeUNetConfig? FreeUnet { get; init; }

    /// <summary>The introspective network with multiscale dilated blocks.</summary>
    public IanConfig? Ian { get; init; }

    internal INetworkSettings Settings => All().Single(n => n.Settings is not null).Settings!;

    /// <summary>What must hold of the settings.</summary>
    internal IEnumerable<SettingRule> Rules(PictureConfig picture)
    {
        (string Key, INetworkSettings? Settings)[] all = [.. All()], given = [.. all.Where(n => n.Settings is not null)];
        return given is [var (key, settings)]
            ? settings!.Rules(picture, $"network.{key}").Concat(CaptionFeedConfig.Rules(settings, $"network.{key}.caption"))
            : [new(false, "network", $"{given.Length} networks", $"exactly one of {string.Join(", ", all.Select(n => n.Key))}")];
    }

    private IEnumerable<(string Key, INetworkSettings? Settings)> All() => typeof(NetworkConfig).GetProperties()
        .Select(p => (JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), (INetworkSettings?)p.GetValue(this)));
}

/// <summary>The settings of one kind of network.</summary>
internal interface INetworkSettings
{
    /// <summary>Where captions are fed in; null for a network without captions.</summary>
    CaptionFeedConfig? Caption => null;

    /// <summary>The layers that can take captions.</summary>
    IReadOnlyList<string> CaptionLayers => [];

    /// <summary>Whether a step needs two photos or more, as batch norm of a vector does.</summary>
    bool NeedsSeveralPhotos => false;

    /// <summary>The number that width and height must be multiples of; null for a network of one fixed size and hole.</summary>
    int? SizeMultiple => null;

    /// <summary>Makes the network with fresh weights.</summary>
    /// <param name="picture">Size and hole.</param>
    /// <param name="vocabulary">Words of the vocabulary; 0 without captions.</param>
    FillNetwork Create(PictureConfig picture, int vocabulary);

    /// <summary>What must hold of the settings.</summary>
    /// <param name="picture">Size and hole.</param>
    /// <param name="key">The key of the settings, such as <c>network.unet</c>.</param>
    IEnumerable<SettingRule> Rules(PictureConfig picture, string key);
}
