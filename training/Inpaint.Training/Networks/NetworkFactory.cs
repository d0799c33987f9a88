using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>Makes the network of a configuration.</summary>
internal static class NetworkFactory
{
    /// <summary>A network with fresh weights, which follow from the configuration's seed.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="vocabulary">Words of the vocabulary; 0 without captions.</param>
    public static FillNetwork Create(TrainingConfig config, int vocabulary)
    {
        random.manual_seed(config.Seed);
        NetworkConfig network = config.Network;
        return network switch
        {
            { EncoderDecoder: { } settings } => new EncoderDecoder(settings, config.Picture, vocabulary),
            { Unet: { } settings } => new UNet(settings, config.Picture, vocabulary),
            { Ian: { } settings } => new IntrospectiveNetwork(settings, config.Picture),
            _ => throw new ArgumentException("The configuration has no network.", nameof(config)),
        };
    }
}
