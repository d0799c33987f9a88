using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// An encoder-decoder Transformer (Vaswani et al. 2017) over token numbers: sinusoidal places, a causal mask, tied embeddings.
/// </summary>
internal sealed class Translator : nn.Module<Tensor, Tensor, Tensor>
{
    private const long Words = 50, Width = 32, Longest = 64;
    private readonly Embedding embedding = nn.Embedding(Words, Width);
    private readonly TransformerEncoder encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(Width, 4, 64), 2);
    private readonly TransformerDecoder decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(Width, 4, 64), 2);
    private readonly Tensor places;

    public Translator() : base(nameof(Translator))
    {
        Tensor at = arange(Longest).to(float32).unsqueeze(1) * exp(arange(0, Width, 2).to(float32) * (-Math.Log(10_000) / Width));
        places = stack([at.sin(), at.cos()], -1).flatten(1).unsqueeze(1);
        register_buffer(nameof(places), places);
        RegisterComponents();
    }

    /// <summary>Token numbers [batch, length] of both languages to scores of words [batch, length, words].</summary>
    public override Tensor forward(Tensor source, Tensor target)
    {
        long length = target.shape[1];
        Tensor mask = full([length, length], float.NegativeInfinity).triu(1);
        Tensor memory = encoder.call(Embed(source), null!, null!);
        Tensor x = decoder.call(Embed(target), memory, mask, null!, null!, null!);
        return x.transpose(0, 1).matmul(embedding.weight!.t());
    }

    private Tensor Embed(Tensor tokens) =>
        (embedding.forward(tokens.transpose(0, 1)) * Math.Sqrt(Width)) + places.slice(0, 0, tokens.shape[1], 1);
}
