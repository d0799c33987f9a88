using Microsoft.ML.OnnxRuntime.Tensors;
using System.Text;
using Google.Protobuf;
using Inpaint.ClassicGraphs;
using Inpaint.TestSupport;
using Inpaint.Onnx.Proto;

namespace Inpaint.Onnx.Tests.Format;

public sealed class OnnxModelTests
{
    private static readonly byte[] Bytes = PushPullGraph.Build().Bytes;

    [Fact]
    public void A_model_survives_a_round_trip_through_a_file()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = OnnxModel.Read(Bytes);

        model.Write(folder.File("a.onnx"));

        Assert.Equal(model.Proto, OnnxModel.Read(folder.File("a.onnx")).Proto);
        Assert.Equal(["a.onnx"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_part_has_the_nodes_weights_and_inputs_that_its_outputs_need()
    {
        var builder = new GraphBuilder("sums");
        string x = builder.Input("x", DataType.Float, 1, 2), z = builder.Input("z", DataType.Float, 2);
        string sum = builder.Node("Add", [x, builder.Constant("one", [1f])]);
        string twice = builder.Node("Mul", [sum, builder.Constant("two", [2f])]);
        builder.Output("y", builder.Node("Add", [twice, z]), DataType.Float, 1, 2);

        OnnxModel part = builder.Build().Part([sum, twice], "N", 2);

        Assert.Equal(["Add", "Mul"], part.Proto.Graph.Node.Select(n => n.OpType));
        Assert.Equal(["one", "two"], part.Initializers.Select(i => i.Name));
        Assert.Equal(["x"], part.Proto.Graph.Input.Select(i => i.Name));
        using GraphSession session = GraphSession.Open(part.ToBytes());
        using GraphRunner runner = session.CreateRunner();
        using TensorBuffer input = new(TensorElementType.Float), first = new(TensorElementType.Float),
            second = new(TensorElementType.Float);
        Array.ForEach([input, first, second], b => b.Reshape([2, 2]));
        new float[] { 0, 1, 2, 3 }.CopyTo(input.AsSpan<float>());
        runner.Run(["x"], [input], [sum, twice], [first, second]);
        Assert.Equal([1, 2, 3, 4], first.AsSpan<float>().ToArray());
        Assert.Equal([2, 4, 6, 8], second.AsSpan<float>().ToArray());
        Assert.Contains("'nothing'", Assert.Throws<ArgumentException>(() => builder.Build().Part(["nothing"])).Message);
    }

    [Fact]
    public void Unknown_fields_are_preserved()
    {
        // Field 20 of a model, training_info, is not in the subset: number 20, length-delimited, 3 bytes.
        byte[] withMore = [.. Bytes, 0xA2, 0x01, 0x03, 1, 2, 3];

        byte[] again = OnnxModel.Read(withMore).ToBytes();

        Assert.Contains(
            "0xA2-0x01".Replace("0x", "", StringComparison.Ordinal)
            + "-03-01-02-03", BitConverter.ToString(again), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_truncated_anywhere_is_an_error_that_names_it()
    {
        for (int length = 0; length < Bytes.Length; length += length < 64 || length > Bytes.Length - 64 ? 1 : 97)
        {
            byte[] cut = Bytes[..length];
            var error = Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(cut, "cut.onnx"));
            Assert.StartsWith("cut.onnx: ", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")]
    [InlineData("<!DOCTYPE html><html></html>")]
    [InlineData("\u0089PNG\r\n")]
    public void A_file_that_is_not_a_model_is_an_error(string text) =>
        Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Randomly_changed_files_are_read_or_fail_with_our_exception()
    {
        var random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] changed = [.. Bytes];
            for (int i = random.Next(1, 8); i > 0; i--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                GraphInspection.Inspect(changed);
            }
            catch (OnnxFormatException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, 3000);
    }

    [Fact]
    public void A_file_above_the_limit_is_rejected_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        using (FileStream file = File.Create(folder.File("huge.onnx")))
        {
            file.SetLength(3L << 30);
        }

        var error = Assert.Throws<OnnxFormatException>(() => OnnxModel.Read(folder.File("huge.onnx")));

        Assert.Contains("found 3221225472 bytes", error.Message, StringComparison.Ordinal);
        Assert.Throws<OnnxFormatException>(() => GraphInspection.Inspect(Bytes, new InspectionOptions { MaxBytes = Bytes.Length - 1 }));
    }
}
