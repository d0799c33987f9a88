using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>
/// CRNN (Shi et al. 2017) that reads a line of text: convolutions down to one row, two layers of LSTM in both directions.
/// </summary>
internal sealed class Crnn : nn.Module<Tensor, Tensor>
{
    private readonly Sequential cnn = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2, stride: 2),
        nn.Conv2d(16, 32, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(2, stride: 2),
        nn.Conv2d(32, 64, 3, padding: 1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d([2, 2], stride: [2, 1], padding: [0, 1]),
        nn.Conv2d(64, 64, 3, padding: 1), nn.ReLU(), nn.MaxPool2d([2, 2], stride: [2, 1], padding: [0, 1]),
        nn.Conv2d(64, 64, 2), nn.BatchNorm2d(64), nn.ReLU());

    private readonly LSTM rnn = nn.LSTM(64, 24, numLayers: 2, bidirectional: true);
    private readonly Linear letters = nn.Linear(48, 37);

    public Crnn() : base(nameof(Crnn)) => RegisterComponents();

    /// <summary>Lines of 32 rows to scores of letters [batch, columns, 37].</summary>
    public override Tensor forward(Tensor image)
    {
        (Tensor all, _, _) = rnn.call(cnn.forward(image).squeeze(2).permute(2, 0, 1));
        return letters.forward(all).log_softmax(2).transpose(0, 1);
    }
}
