using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Training;

/// <summary>The mean of the fills of several trainings of a network: better than each under the squared error, at the cost of all.</summary>
internal sealed class MeanNetwork : FillNetwork
{
    /// <summary>How the names of the first member's weights begin.</summary>
    public const string FirstPrefix = "members.0.";

    private readonly ModuleList<FillNetwork> members = [];

    /// <param name="networks">The members; this network's from now on.</param>
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
