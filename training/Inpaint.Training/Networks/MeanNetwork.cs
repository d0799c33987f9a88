using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training.Networks;

/// <summary>The mean of the fills of several networks: a lower squared error than each, at the cost of all.</summary>
internal sealed class MeanNetwork : FillNetwork
{
    /// <summary>Prefix of the first member's weights.</summary>
    public const string FirstPrefix = "members.0.";

    private readonly ModuleList<FillNetwork> members = [];

    /// <param name="networks">The members; this network owns them.</param>
    public MeanNetwork(IEnumerable<FillNetwork> networks) : base(nameof(MeanNetwork))
    {
        foreach (FillNetwork network in networks)
        {
            members.Add(network);
        }

        RegisterComponents();
    }

    /// <inheritdoc />
    public override bool TakesCaptions => members.Any(m => m.TakesCaptions);

    /// <inheritdoc />
    protected override Tensor Fill(Tensor image, Tensor? caption)
    {
        Tensor sum = members[0].forward(image, caption);
        foreach (FillNetwork member in members.Skip(1))
        {
            sum = sum + member.forward(image, caption);
        }

        return sum * (1.0 / members.Count);
    }
}
