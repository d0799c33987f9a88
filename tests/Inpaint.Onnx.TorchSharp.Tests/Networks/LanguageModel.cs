using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// A decoder of the LLaMA kind (Touvron et al. 2023): RMS norms, rotary places, gated feed-forward layers, causal attention.
/// </summary>
internal sealed class LanguageModel : nn.Module<Tensor, Tensor>
{
    private const long Words = 60, Width = 32, Heads = 4;
    private readonly Embedding embedding = nn.Embedding(Words, Width);
    private readonly Sequential blocks = nn.Sequential(new Block(), new Block());
    private readonly RmsNorm norm = new();
    private readonly Linear head = nn.Linear(Width, Words, hasBias: false);

    public LanguageModel() : base(nameof(LanguageModel)) => RegisterComponents();

    /// <summary>Token numbers [batch, length] to scores of the next word.</summary>
    public override Tensor forward(Tensor tokens) => head.forward(norm.forward(blocks.forward(embedding.forward(tokens))));

    private sealed class RmsNorm : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter weight = new(ones(Width));

        public RmsNorm() : base(nameof(RmsNorm)) => RegisterComponents();

        public override Tensor forward(Tensor x) => x * (x.pow(2).mean([-1], keepdim: true) + 1e-6).rsqrt() * weight;
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly RmsNorm norm1 = new(), norm2 = new();
        private readonly Linear qkv = nn.Linear(Width, 3 * Width, hasBias: false), proj = nn.Linear(Width, Width, hasBias: false);
        private readonly Linear gate = nn.Linear(Width, 80, hasBias: false), up = nn.Linear(Width, 80, hasBias: false),
            down = nn.Linear(80, Width, hasBias: false);

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = input + Attend(norm1.forward(input)), y = norm2.forward(x);
            return x + down.forward(nn.functional.silu(gate.forward(y)) * up.forward(y));
        }

        private Tensor Attend(Tensor x)
        {
            (long n, long length) = (x.shape[0], x.shape[1]);
            Tensor[] parts = [.. qkv.forward(x).view(n, length, 3, Heads, Width / Heads).permute(2, 0, 3, 1, 4).unbind(0)];
            Tensor attended = nn.functional.scaled_dot_product_attention(Turn(parts[0]), Turn(parts[1]), parts[2], is_casual: true);
            return proj.forward(attended.transpose(1, 2).reshape(n, length, Width));
        }

        /// <summary>Pairs of numbers turned by an angle that grows with the place (Su et al. 2021), as complex products.</summary>
        private static Tensor Turn(Tensor x)
        {
            Tensor speeds = exp(arange(0, Width / Heads, 2).to(float32) * (-Math.Log(10_000) / (Width / Heads)));
            Tensor angles = arange(x.shape[2]).to(float32).unsqueeze(1) * speeds;
            Tensor pairs = view_as_complex(x.reshape(x.shape[0], Heads, x.shape[2], Width / Heads / 2, 2));
            return view_as_real(pairs * polar(ones_like(angles), angles)).flatten(3);
        }
    }
}
