using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>A small ViT (Dosovitskiy et al. 2021) for 64 x 64 pixels: patches of 8, 4 blocks of 4 heads, width 96.</summary>
internal sealed class VisionTransformer : nn.Module<Tensor, Tensor>
{
    private const long Width = 96, Heads = 4, Patches = 64;
    private readonly Conv2d patches = nn.Conv2d(3, Width, 8, stride: 8);
    private readonly Parameter cls_token = new(zeros(1, 1, Width)), pos_embed = new(zeros(1, Patches + 1, Width));
    private readonly Sequential blocks = nn.Sequential(new Block(), new Block(), new Block(), new Block());
    private readonly LayerNorm norm = nn.LayerNorm(Width);
    private readonly Linear head = nn.Linear(Width, 100);

    public VisionTransformer() : base(nameof(VisionTransformer)) => RegisterComponents();

    public override Tensor forward(Tensor image)
    {
        Tensor x = patches.forward(image).flatten(2).transpose(1, 2);
        x = cat([cls_token.expand(x.shape[0], -1, -1), x], 1) + pos_embed;
        return head.forward(norm.forward(blocks.forward(x)).select(1, 0));
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm1 = nn.LayerNorm(Width), norm2 = nn.LayerNorm(Width);
        private readonly Linear qkv = nn.Linear(Width, 3 * Width), proj = nn.Linear(Width, Width);
        private readonly Sequential mlp =
            nn.Sequential(nn.Linear(Width, 4 * Width), nn.GELU(), nn.Dropout(0.1), nn.Linear(4 * Width, Width));

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            Tensor x = input + Attend(norm1.forward(input));
            return x + mlp.forward(norm2.forward(x));
        }

        private Tensor Attend(Tensor x)
        {
            (long n, long length) = (x.shape[0], x.shape[1]);
            Tensor[] qkvs = [.. qkv.forward(x).view(n, length, 3, Heads, Width / Heads).permute(2, 0, 3, 1, 4).unbind(0)];
            Tensor attended = nn.functional.scaled_dot_product_attention(qkvs[0], qkvs[1], qkvs[2]);
            return proj.forward(attended.transpose(1, 2).reshape(n, length, Width));
        }
    }
}
