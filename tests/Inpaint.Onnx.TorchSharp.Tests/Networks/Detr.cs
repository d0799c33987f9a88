using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// A small DETR (Carion et al. 2020): a convolutional backbone, a transformer over its places, and a set of boxes from learned queries.
/// </summary>
internal sealed class Detr : nn.Module<Tensor, (Tensor, Tensor)>
{
    private const long Width = 32, Queries = 10, Places = 64;
    private readonly Sequential backbone = nn.Sequential(
        nn.Conv2d(3, 16, 7, stride: 2, padding: 3, bias: false), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(3, stride: 2, padding: 1),
        nn.Conv2d(16, 64, 3, stride: 2, padding: 1, bias: false), nn.BatchNorm2d(64), nn.ReLU());

    private readonly Conv2d input_proj = nn.Conv2d(64, Width, 1);
    private readonly Parameter query_pos = new(rand(Queries, Width)), places = new(rand(Places, Width));
    private readonly Transformer transformer = nn.Transformer(Width, 4, 2, 2, 64, 0.1);
    private readonly Linear classes = nn.Linear(Width, 92);
    private readonly Sequential boxes = nn.Sequential(nn.Linear(Width, Width), nn.ReLU(), nn.Linear(Width, 4), nn.Sigmoid());

    public Detr() : base(nameof(Detr)) => RegisterComponents();

    public override (Tensor, Tensor) forward(Tensor image)
    {
        Tensor memory = input_proj.forward(backbone.forward(image)).flatten(2).permute(2, 0, 1);
        Tensor queries = query_pos.unsqueeze(1).repeat(1, image.shape[0], 1);
        Tensor found = transformer.call(memory + places.unsqueeze(1), queries).transpose(0, 1);
        return (classes.forward(found), boxes.forward(found));
    }
}
