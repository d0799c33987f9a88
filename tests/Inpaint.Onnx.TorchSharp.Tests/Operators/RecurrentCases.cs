using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Recurrent layers and their cells; sequences are (length, batch, width) unless the batch comes first.</summary>
internal static class RecurrentCases
{
    private static readonly Dictionary<string, int[]> Batch = new() { ["x0"] = [1] };

    private static readonly Dictionary<string, int[]> BatchAndLength = new() { ["x0"] = [0, 1] };

    public static IEnumerable<OperatorCase> All =>
    [
        Lstm("lstm", () => nn.LSTM(4, 5), () => randn(6, 2, 4), Batch),
        Lstm("lstm of both directions", () => nn.LSTM(4, 5, bidirectional: true), () => randn(6, 2, 4), Batch),
        Lstm("lstm of three layers and both directions", () => nn.LSTM(4, 5, numLayers: 3, bidirectional: true, dropout: 0.3), () =>
            randn(6, 2, 4), Batch),
        Lstm("lstm with the batch first, of any length", () => nn.LSTM(4, 5, numLayers: 2, batchFirst: true), () =>
            randn(2, 6, 4), BatchAndLength),
        Lstm("lstm without bias", () => nn.LSTM(4, 5, bias: false), () => randn(6, 2, 4), Batch),
        Lstm("lstm of doubles", () => nn.LSTM(4, 5, dtype: float64), () => randn([6, 2, 4], float64), Batch),
        LstmFrom("lstm with a state", () => nn.LSTM(4, 5, numLayers: 2)),
        Gru("gru", () => nn.GRU(4, 5), () => randn(6, 2, 4), Batch),
        Gru("gru of both directions", () => nn.GRU(4, 5, numLayers: 2, bidirectional: true), () => randn(6, 2, 4), Batch),
        Gru("gru with the batch first, of any length", () => nn.GRU(4, 5, batchFirst: true), () => randn(2, 6, 4), BatchAndLength),
        Gru("gru without bias", () => nn.GRU(4, 5, bias: false), () => randn(6, 2, 4), Batch),
        GruFrom("gru with a state", () => nn.GRU(4, 5)),
        Rnn("rnn_tanh", () => nn.RNN(4, 5), () => randn(6, 2, 4), Batch),
        Rnn("rnn_tanh of two layers and both directions", () => nn.RNN(4, 5, 2, bidirectional: true), () => randn(6, 2, 4), Batch),
        Rnn("rnn_relu", () => nn.RNN(4, 5, nonLinearity: nn.NonLinearities.ReLU), () => randn(6, 2, 4), Batch),
        Rnn("rnn_relu with the batch first, of any length", () =>
            nn.RNN(4, 5, nonLinearity: nn.NonLinearities.ReLU, batchFirst: true, bias: false), () => randn(2, 6, 4), BatchAndLength),
        Cell("lstm_cell", "aten::unsafe_chunk", () => nn.LSTMCell(4, 5), (m, x, h) =>
            { var (a, b) = m.call(x, (h, h * 2)); return [a, b]; }),
        Cell("lstm_cell without bias", "aten::unsafe_chunk", () => nn.LSTMCell(4, 5, bias: false), (m, x, h) =>
            { var (a, b) = m.call(x, (h, h - 1)); return [a, b]; }),
        Cell("gru_cell", "aten::unsafe_chunk", () => nn.GRUCell(4, 5), (m, x, h) => [m.call(x, h)]),
        Cell("gru_cell without bias", "aten::unsafe_chunk", () => nn.GRUCell(4, 5, bias: false), (m, x, h) => [m.call(x, h)]),
        Cell("rnn_tanh_cell", "aten::linear", () => nn.RNNCell(4, 5), (m, x, h) => [m.call(x, h)]),
        Cell("rnn_relu_cell", "aten::linear", () => nn.RNNCell(4, 5, nonLinearity: nn.NonLinearities.ReLU), (m, x, h) => [m.call(x, h)]),
    ];

    private static OperatorCase Lstm(string name, Func<LSTM> make, Func<Tensor> example, Dictionary<string, int[]> dynamic)
    {
        LSTM? module = null;
        return new OperatorCase(name, ["aten::lstm"], x =>
        {
            var (all, h, c) = module!.call(x[0]);
            return [all, h, c];
        }, () => [example()]) { Modules = () => [module = make()], Dynamic = dynamic };
    }

    private static OperatorCase LstmFrom(string name, Func<LSTM> make)
    {
        LSTM? module = null;
        return new OperatorCase(name, ["aten::lstm"], x =>
        {
            var (all, h, c) = module!.call(x[0], (x[1], x[2]));
            return [all, h, c];
        }, () => [randn(6, 2, 4), randn(2, 2, 5), randn(2, 2, 5)]) { Modules = () => [module = make()], Dynamic = new() { ["x0"] = [0] } };
    }

    private static OperatorCase Gru(string name, Func<GRU> make, Func<Tensor> example, Dictionary<string, int[]> dynamic)
    {
        GRU? module = null;
        return new OperatorCase(name, ["aten::gru"], x =>
        {
            var (all, h) = module!.call(x[0]);
            return [all, h];
        }, () => [example()]) { Modules = () => [module = make()], Dynamic = dynamic };
    }

    private static OperatorCase GruFrom(string name, Func<GRU> make)
    {
        GRU? module = null;
        return new OperatorCase(name, ["aten::gru"], x =>
        {
            var (all, h) = module!.call(x[0], x[1]);
            return [all, h];
        }, () => [randn(6, 2, 4), randn(1, 2, 5)]) { Modules = () => [module = make()], Dynamic = new() { ["x0"] = [0] } };
    }

    private static OperatorCase Rnn(string name, Func<RNN> make, Func<Tensor> example, Dictionary<string, int[]> dynamic)
    {
        RNN? module = null;
        return new OperatorCase(name, [$"aten::{name.Split(' ')[0]}"], x =>
        {
            var (all, h) = module!.call(x[0]);
            return [all, h];
        }, () => [example()]) { Modules = () => [module = make()], Dynamic = dynamic };
    }

    private static OperatorCase Cell<T>(string name, string op, Func<T> make, Func<T, Tensor, Tensor,
        IReadOnlyList<Tensor>> forward) where T : nn.Module
    {
        T? module = null;
        return new OperatorCase(name, [op], x => forward(module!, x[0], x[1]), () => [randn(3, 4), randn(3, 5)]) { Modules = () =>
            [module = make()] };
    }
}
