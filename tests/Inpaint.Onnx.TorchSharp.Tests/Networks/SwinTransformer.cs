using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// A small Swin (Liu et al. 2021) for 64 x 64 pixels: attention within windows of 4 x 4 patches that are shifted in turn.
/// </summary>
internal sealed class SwinTransformer : nn.Module<Tensor, Tensor>
{
    private const long Window = 4;
    private readonly Conv2d patches = nn.Conv2d(3, 32, 4, stride: 4);
    private readonly LayerNorm norm1 = nn.LayerNorm(32), norm2 = nn.LayerNorm(64);
    private readonly Sequential stage1 = nn.Sequential(new Block(32, 2, 16, 0), new Block(32, 2, 16, Window / 2));
    private readonly Sequential stage2 = nn.Sequential(new Block(64, 4, 8, 0), new Block(64, 4, 8, Window / 2));
    private readonly Linear merge = nn.Linear(128, 64, hasBias: false), head = nn.Linear(64, 100);
    private readonly LayerNorm merged = nn.LayerNorm(128);

    public SwinTransformer() : base(nameof(SwinTransformer)) => RegisterComponents();

    public override Tensor forward(Tensor image)
    {
        Tensor x = stage1.forward(norm1.forward(patches.forward(image).permute(0, 2, 3, 1)));
        x = stage2.forward(merge.forward(merged.forward(Neighbours(x))));
        return head.forward(norm2.forward(x).mean([1L, 2]));
    }

    /// <summary>Four patches side by side become one of four times the width.</summary>
    private static Tensor Neighbours(Tensor x)
    {
        static TensorIndex Every(long first) => TensorIndex.Slice(first, null, 2);
        return cat(
            [x[TensorIndex.Colon, Every(0), Every(0)], x[TensorIndex.Colon, Every(1), Every(0)], x[TensorIndex.Colon, Every(0), Every(1)],
                x[TensorIndex.Colon, Every(1), Every(1)]], -1);
    }

    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        private readonly long _width, _heads, _side, _shift;
        private readonly LayerNorm norm1, norm2;
        private readonly Linear qkv, proj;
        private readonly Sequential mlp;
        private readonly Parameter bias_table;
        private readonly Tensor bias_index, mask;

        public Block(long width, long heads, long side, long shift) : base(nameof(Block))
        {
            (_width, _heads, _side, _shift) = (width, heads, side, shift);
            (norm1, norm2) = (nn.LayerNorm(width), nn.LayerNorm(width));
            (qkv, proj) = (nn.Linear(width, 3 * width), nn.Linear(width, width));
            mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width));
            bias_table = new Parameter(randn(((2 * Window) - 1) * ((2 * Window) - 1), heads));
            bias_index = RelativePlaces();
            mask = ShiftMask();
            register_buffer(nameof(bias_index), bias_index);
            register_buffer(nameof(mask), mask);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor x = norm1.forward(input);
            x = _shift == 0 ? x : x.roll([-_shift, -_shift], [1, 2]);
            x = Joined(Attend(Windows(x)));
            x = input + (_shift == 0 ? x : x.roll([_shift, _shift], [1, 2]));
            return x + mlp.forward(norm2.forward(x));
        }

        private Tensor Windows(Tensor x) =>
            x.view(-1, _side / Window, Window, _side / Window, Window, _width).permute(0, 1, 3, 2, 4, 5).reshape(-1, Window * Window,
                _width);

        private Tensor Joined(Tensor x) =>
            x.view(-1, _side / Window, _side / Window, Window, Window, _width).permute(0, 1, 3, 2, 4, 5).reshape(-1, _side, _side, _width);

        private Tensor Attend(Tensor x)
        {
            long windows = _side / Window * (_side / Window), places = Window * Window;
            Tensor[] parts = [.. qkv.forward(x).view(-1, places, 3, _heads, _width / _heads).permute(2, 0, 3, 1, 4).unbind(0)];
            Tensor scores = (parts[0] * Math.Pow(_width / _heads, -0.5)).matmul(parts[1].transpose(-2, -1));
            scores += bias_table.index(bias_index.view(-1)).view(places, places, _heads).permute(2, 0, 1).unsqueeze(0);
            if (_shift > 0)
            {
                scores = (scores.view(-1, windows, _heads, places, places) + mask.unsqueeze(1).unsqueeze(0)).view(-1, _heads, places,
                    places);
            }

            return proj.forward(scores.softmax(-1).matmul(parts[2]).transpose(1, 2).reshape(-1, places, _width));
        }

        private static Tensor RelativePlaces()
        {
            Tensor places = stack(meshgrid([arange(Window), arange(Window)])).flatten(1);
            Tensor away = (places.unsqueeze(2) - places.unsqueeze(1)).permute(1, 2, 0) + (Window - 1);
            return ((away.select(2, 0) * ((2 * Window) - 1)) + away.select(2, 1)).to(int64);
        }

        /// <summary>Patches that came together by shifting do not see each other.</summary>
        private Tensor ShiftMask()
        {
            Tensor region = arange(_side).ge(_side - Window).to(float32) + arange(_side).ge(_side - Math.Max(1, _shift)).to(float32);
            Tensor number = (region.unsqueeze(1) * 3) + region;
            Tensor windows = number.view(_side / Window, Window, _side / Window, Window).permute(0, 2, 1, 3).reshape(-1, Window * Window);
            return (windows.unsqueeze(1) - windows.unsqueeze(2)).ne(0).to(float32) * -100;
        }
    }
}
