using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// A variational autoencoder (Kingma and Welling 2014) for 64 x 64 pixels; in evaluation mode, the mean replaces the sample.
/// </summary>
internal sealed class Vae : nn.Module<Tensor, (Tensor, Tensor, Tensor)>
{
    private readonly Sequential encoder = nn.Sequential(
        nn.Conv2d(3, 32, 4, stride: 2, padding: 1), nn.GroupNorm(8, 32), nn.SiLU(),
        nn.Conv2d(32, 64, 4, stride: 2, padding: 1), nn.GroupNorm(8, 64), nn.SiLU(),
        nn.Conv2d(64, 64, 4, stride: 2, padding: 1), nn.SiLU(), nn.Flatten());

    private readonly Linear mean = nn.Linear(64 * 8 * 8, 32), log_variance = nn.Linear(64 * 8 * 8, 32), expand = nn.Linear(32, 64 * 8 * 8);

    private readonly Sequential decoder = nn.Sequential(
        nn.Unflatten(1, [64, 8, 8]), nn.SiLU(),
        nn.Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: false), nn.Conv2d(64, 64, 3, padding: 1),
            nn.InstanceNorm2d(64, affine: true), nn.SiLU(),
        nn.ConvTranspose2d(64, 32, 4, stride: 2, padding: 1), nn.SiLU(),
        nn.Conv2d(32, 12, 3, padding: 1), nn.PixelShuffle(2), nn.Sigmoid());

    public Vae() : base(nameof(Vae)) => RegisterComponents();

    public override (Tensor, Tensor, Tensor) forward(Tensor image)
    {
        Tensor hidden = encoder.forward(image);
        (Tensor mu, Tensor logarithm) = (mean.forward(hidden), log_variance.forward(hidden).clamp(-10, 10));
        Tensor latent = training ? mu + (exp(0.5 * logarithm) * randn_like(mu)) : mu;
        return (decoder.forward(expand.forward(latent)), mu, logarithm);
    }
}
