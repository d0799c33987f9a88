using Inpaint.Onnx.TorchSharp;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Inpaint.Benchmarks;

/// <summary>
/// A vision transformer for 224x224 pictures in patches of 16, 1,000 classes (Dosovitskiy et al., "An Image Is Worth 16x16 Words", 2021;
/// "tiny" after Touvron et al., "Training Data-Efficient Image Transformers", 2021).
/// </summary>
internal sealed class VisionTransformer : Module<Tensor, Tensor>
{
    private const int Patch = 16, Patches = 14 * 14;

    private readonly Module<Tensor, Tensor> patches, blocks, norm, head;
    private readonly Parameter token, positions;

    public VisionTransformer(int width, int depth, int heads) : base(nameof(VisionTransformer))
    {
        patches = Conv2d(3, width, Patch, stride: Patch);
        token = Parameter(0.02 * randn(1, 1, width));
        positions = Parameter(0.02 * randn(1, 1 + Patches, width));
        blocks = Sequential([.. Enumerable.Range(0, depth).Select(_ => new Block(width, heads))]);
        norm = LayerNorm(width, eps: 1e-6);
        head = Linear(width, 1000);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        Tensor x = patches.call(image).flatten(2).transpose(1, 2);
        x = cat([token.expand(x.shape[0], -1, -1), x], 1) + positions;
        return head.call(norm.call(blocks.call(x)).select(1, 0));
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> norm1, qkv, projection, norm2, mlp;
        private readonly int _heads;

        public Block(int width, int heads) : base(nameof(Block))
        {
            _heads = heads;
            norm1 = LayerNorm(width, eps: 1e-6);
            qkv = Linear(width, 3 * width);
            projection = Linear(width, width);
            norm2 = LayerNorm(width, eps: 1e-6);
            mlp = Sequential(Linear(width, 4 * width), GELU(), Linear(4 * width, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor y = x + Attend(norm1.call(x));
            return y + mlp.call(norm2.call(y));
        }

        private Tensor Attend(Tensor x)
        {
            (long batch, long length, long width) = (x.shape[0], x.shape[1], x.shape[2]);
            Tensor[] parts = qkv.call(x).view(batch, length, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4).unbind(0);
            Tensor attended = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2]);
            return projection.call(attended.transpose(1, 2).reshape(batch, length, width));
        }
    }
}
