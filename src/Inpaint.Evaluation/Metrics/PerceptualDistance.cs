using Inpaint.Evaluation.Perception;

namespace Inpaint.Evaluation.Metrics;

/// <summary>
/// Mean over photos of the perceptual distance between fill and original around the hole, see
/// <see cref="PerceptualComparison.Distance"/>; the interval resamples photos.
/// </summary>
internal sealed class PerceptualDistance()
    : Metric(300, "perceptual", "distance of the features of a pretrained network around the hole (not LPIPS): 0 is the photo",
        "0.0000", chartTitle: "Perceptual distance: 0 is the photo", needsNetwork: true)
{
    internal override IMetricAccumulator Start() => new Accumulator();

    private sealed class Accumulator : IMetricAccumulator
    {
        private readonly List<double> _distances = [];

        public double? Value => _distances.Count == 0 ? null : _distances.Average();

        public BootstrapInterval? Interval(int resamples, ulong seed) => _distances.Count == 0 ? null
            : PairedBootstrap.Interval(_distances, new double[_distances.Count], resamples, seed);

        public void Add(FilledPhoto photo)
        {
            if (photo.Comparison is { } comparison)
            {
                _distances.Add(comparison.Distance);
            }
        }
    }
}
