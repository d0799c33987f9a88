namespace Inpaint.ClassicGraphs.Patches;

/// <summary>How patches are searched and combined. Lists are per level of the pyramid, coarsest first.</summary>
internal sealed record PatchSettings
{
    /// <summary>The settings of <c>patches</c>.</summary>
    public static PatchSettings WithoutNetwork { get; } = new();

    /// <summary>The settings of <c>fill</c>.</summary>
    public static PatchSettings WithNetwork { get; } = new() { Guidance = [1, 1, 1, 1, 1, 1], SmallestSide = 65 };

    /// <summary>Photos whose longer side is below this are completed by the structure alone.</summary>
    public int SmallestSide { get; init; }

    /// <summary>Patches are found in a picture of at most this side; larger windows are reduced.</summary>
    public int WorkingSide { get; init; } = 512;

    /// <summary>The pyramid is halved until its longer side is at most this.</summary>
    public int CoarsestSide { get; init; } = 96;

    /// <summary>Rounds of search and vote.</summary>
    public IReadOnlyList<long> Rounds { get; init; } = [6, 4, 3, 2, 2, 2];

    /// <summary>Up to this number of pairs of target and source, all are compared; above, candidates are propagated.</summary>
    public long ExactPairs { get; init; } = 20_000_000;

    /// <summary>Random candidates per round, in halving windows.</summary>
    public int RandomCandidates { get; init; } = 4;

    /// <summary>A patch's weight is divided by this for every pixel between its centre and the hole's edge.</summary>
    public float EdgeDecay { get; init; } = 12;

    /// <summary>Pixels from the hole's edge beyond which the weight no longer falls.</summary>
    public int EdgeReach { get; init; } = 24;

    /// <summary>The weight of a patch at distance d is exp(-d / 2 mean(d)) to this power, at the finest level.</summary>
    public float LastSharpness { get; init; } = 2;

    /// <summary>Weight, in the distance of patches, of a smoothed structure; 0 to use the structure as a first guess only.</summary>
    public IReadOnlyList<float> Guidance { get; init; } = [0, 0, 0, 0, 0, 0];

    /// <summary>Side of the box by which pictures are smoothed for <see cref="Guidance"/>; odd.</summary>
    public int GuideSide { get; init; } = 13;
}
