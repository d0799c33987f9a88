using Inpaint.ClassicGraphs;
using Inpaint.TestSupport;

namespace Inpaint.Onnx.Tests.Classic;

public sealed class MembraneContractTests
{
    public static TheoryData<MembraneContract> Contracts => [.. Enum.GetValues<MembraneContract>()];

    [Theory]
    [MemberData(nameof(Contracts))]
    public void Every_contract_gives_the_picture_of_the_membrane(MembraneContract contract)
    {
        int count = contract switch { MembraneContract.Batch1 => 1, MembraneContract.Batch8 => 8, _ => 2 };
        byte[] photos = new byte[count * 3 * 64 * 64];
        new Random(5).NextBytes(photos);
        double[] expected = NaiveMembrane.FillOf(Array.ConvertAll(photos, p => (float)p));

        double[] fill = ContractTensors.Run(contract, ContractGraphs.Build(contract).Bytes, photos);

        Assert.Equal(expected.Length, fill.Length);
        double tolerance = contract == MembraneContract.Float16 ? 2 : 1;
        for (int i = 0; i < fill.Length; i++)
        {
            Assert.Equal(expected[i], fill[i], tolerance);
        }
    }

    [Fact]
    public void The_first_output_of_the_graph_with_two_is_another_picture()
    {
        byte[] photos = new byte[3 * 64 * 64];
        Array.Fill(photos, (byte)200);
        ClassicGraph graph = ContractGraphs.Build(MembraneContract.DeepFill);

        (float[] coarse, _) = OnnxRun.Run<float>(graph.Bytes, "coarse", ContractTensors.Encode(MembraneContract.DeepFill, photos));

        Assert.Equal(["coarse", "fine"], graph.Model.Proto.Graph.Output.Select(o => o.Name));
        Assert.All(coarse, v => Assert.Equal(0f, v));
    }
}
