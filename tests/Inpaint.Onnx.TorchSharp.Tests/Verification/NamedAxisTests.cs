using Inpaint.Onnx.TorchSharp.Tracing;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Inputs that belong together: axes that are always of one size, and values of which only the example's own make sense.</summary>
public sealed class NamedAxisTests
{
    [Fact]
    public void Token_ids_and_their_mask_of_any_length_are_exported_when_their_axes_have_the_same_name()
    {
        using DisposeScope scope = NewDisposeScope();
        using var encoder = new Encoder().Seeded();
        Tensor[] examples = [randint(0, 20, [2, 8], int64), ones([2, 8], int64)];
        var options =
            new OnnxExportOptions { DynamicAxes = { ["input_ids"] = [0, 1], ["attention_mask"] = [0, 1] },
                AxisNames = { ["input_ids"] = ["", "sequence"], ["attention_mask"] = ["", "sequence"] } };
        (byte[] model, OnnxExportResult result) = OnnxExporter.ToBytes(encoder, examples, options);
        Assert.Contains(result.Checked, c => !c.Contains("input_ids [2, 8]", StringComparison.Ordinal));
        using var session = new InferenceSession(model);
        Assert.Equal(["batch", "sequence"], session.InputMetadata["attention_mask"].SymbolicDimensions);
        Assert.Equal(["batch", "sequence", ""], session.OutputMetadata["output1"].SymbolicDimensions);
        ExportException refused = Assert.Throws<ExportException>(() =>
            OnnxExporter.ToBytes(encoder, examples, options with { AxisNames = new Dictionary<string, string[]>() }));
        Assert.Contains("AxisNames", refused.Message, StringComparison.Ordinal);
        ExportException unlike = Assert.Throws<ExportException>(() =>
            OnnxExporter.ToBytes(encoder, [examples[0], ones([2, 7], int64)], options));
        Assert.Contains("have 8 and 7 there", unlike.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Offsets_keep_the_examples_values()
    {
        using DisposeScope scope = NewDisposeScope();
        using var bags = new Bags().Seeded();
        Tensor[] examples = [randint(0, 9, [12], int64), tensor(new long[] { 0, 3, 3, 6 })];
        var options = new OnnxExportOptions { DynamicAxes = { ["numbers"] = [0] }, KeepValues = ["offsets"] };
        (byte[] model, _) = OnnxExporter.ToBytes(bags, examples, options);
        using var session = new InferenceSession(model);
        Assert.InRange(NetworkCase.RelativeDifference(session, bags, [randint(0, 9, [20], int64), tensor(new long[] { 0, 1, 10, 19 })]),
            0, 1e-6);
        Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(bags, examples, options with { KeepValues = [] }));
        Assert.Contains("which is not an input",
            Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(bags, examples, options with { KeepValues = ["ofsets"] })).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index_add")]
    [InlineData("index_put")]
    [InlineData("scatter_add")]
    public void Many_rows_added_to_few_indices_give_their_sum_also_on_several_threads(string how)
    {
        using DisposeScope scope = NewDisposeScope();
        using var net = new Adding(how);
        (byte[] model, _) = OnnxExporter.ToBytes(net, [randn(40, 64), randint(0, 16, [40], int64)]);
        using var options = new SessionOptions { IntraOpNumThreads = 4 };
        using var session = new InferenceSession(model, options);
        Tensor places = arange(50_000, int64).remainder(16);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(0, NetworkCase.RelativeDifference(session, net, [ones(50_000, 64), places]));
        }
    }

    private sealed class Encoder : nn.Module<Tensor, Tensor, (Tensor, Tensor)>
    {
        private readonly Embedding table = nn.Embedding(20, 8);
        private readonly LSTM rnn = nn.LSTM(8, 6, batchFirst: true);

        public Encoder() : base(nameof(Encoder)) => RegisterComponents();

        public override (Tensor, Tensor) forward(Tensor input_ids, Tensor attention_mask)
        {
            (Tensor all, _, _) = rnn.call(table.forward(input_ids));
            Tensor weights = attention_mask.unsqueeze(2).to(float32), shown = all * weights;
            return (shown.sum(1) / weights.sum(1).clamp_min(1e-9), shown);
        }
    }

    private sealed class Bags : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly EmbeddingBag bags = nn.EmbeddingBag(9, 4, mode: EmbeddingBagMode.Sum);

        public Bags() : base(nameof(Bags)) => RegisterComponents();

        public override Tensor forward(Tensor numbers, Tensor offsets) => bags.call(numbers, offsets);
    }

    private sealed class Adding(string how) : nn.Module<Tensor, Tensor, Tensor>(nameof(Adding))
    {
        public override Tensor forward(Tensor rows, Tensor places)
        {
            Tensor sums = zeros(16, 64);
            return how switch
            {
                "index_add" => sums.index_add(0, places, rows, 1),
                "index_put" => sums.index_put_(rows, [TensorIndex.Tensor(places)], accumulate: true),
                _ => sums.scatter_add(0, places.unsqueeze(1).expand(-1, 64), rows),
            };
        }
    }
}
