using System.Numerics.Tensors;

namespace Inpaint.Evaluation.Baselines;

/// <summary>
/// The membrane over a hole of any shape, by conjugate gradients (M. Hestenes, E. Stiefel, 1952), until the residual is 1e-9 of the first.
/// The equations: a hidden pixel times the number of its neighbours, minus its hidden neighbours, is the sum of its known neighbours.
/// </summary>
internal sealed class MembraneIteration
{
    private const double Tolerance = 1e-9;

    private readonly List<int> _pixels = [];

    // Four entries per hidden pixel: the number of a hidden neighbour, the index of a known one in the photo, or -1.
    private readonly int[] _neighbours, _known;
    private readonly double[] _diagonal;
    private readonly double[] _product, _direction, _residual;

    /// <param name="photo">The photo.</param>
    /// <param name="hole">Leaves a known pixel.</param>
    public MembraneIteration(Photo photo, Hole hole)
    {
        PixelRect bounds = hole.Bounds;
        var numbers = new Dictionary<int, int>();
        for (int y = bounds.Y; y < bounds.Bottom; y++)
        {
            for (int x = bounds.X; x < bounds.Right; x++)
            {
                if (hole.IsHidden(x, y))
                {
                    numbers.Add((y * photo.Width) + x, _pixels.Count);
                    _pixels.Add((y * photo.Width) + x);
                }
            }
        }

        int count = _pixels.Count;
        (_neighbours, _known, _diagonal) = (new int[4 * count], new int[4 * count], new double[count]);
        (_product, _direction, _residual) = (new double[count], new double[count], new double[count]);
        Array.Fill(_neighbours, -1);
        Array.Fill(_known, -1);
        for (int i = 0; i < count; i++)
        {
            (int x, int y) = (_pixels[i] % photo.Width, _pixels[i] / photo.Width);
            Connect(4 * i, x > 0, _pixels[i] - 1);
            Connect((4 * i) + 1, x + 1 < photo.Width, _pixels[i] + 1);
            Connect((4 * i) + 2, y > 0, _pixels[i] - photo.Width);
            Connect((4 * i) + 3, y + 1 < photo.Height, _pixels[i] + photo.Width);
        }

        void Connect(int edge, bool isInside, int pixel)
        {
            if (!isInside)
            {
                return;
            }

            _diagonal[edge / 4]++;
            if (numbers.TryGetValue(pixel, out int number))
            {
                _neighbours[edge] = number;
            }
            else
            {
                _known[edge] = pixel;
            }
        }
    }

    /// <summary>The hidden pixels as indices into the photo, in the order of <see cref="Solve"/>'s values.</summary>
    public IReadOnlyList<int> Pixels => _pixels;

    /// <summary>One channel's values of the hidden pixels.</summary>
    public double[] Solve(Photo photo, int channel)
    {
        var values = new double[_pixels.Count];
        Array.Clear(_residual);
        for (int i = 0; i < _known.Length; i++)
        {
            _residual[i / 4] += _known[i] < 0 ? 0 : photo.Pixels[(4 * _known[i]) + channel];
        }

        _residual.CopyTo(_direction, 0);
        double squares = TensorPrimitives.SumOfSquares<double>(_residual), end = Tolerance * Tolerance * squares;
        while (squares > end)
        {
            for (int i = 0; i < values.Length; i++)
            {
                double sum = _diagonal[i] * _direction[i];
                foreach (int neighbour in _neighbours.AsSpan(4 * i, 4))
                {
                    sum -= neighbour < 0 ? 0 : _direction[neighbour];
                }

                _product[i] = sum;
            }

            double step = squares / TensorPrimitives.Dot<double>(_direction, _product);
            TensorPrimitives.MultiplyAdd(_direction, step, values, values);
            TensorPrimitives.MultiplyAdd(_product, -step, _residual, _residual);
            double next = TensorPrimitives.SumOfSquares<double>(_residual);
            TensorPrimitives.MultiplyAdd(_direction, next / squares, _residual, _direction);
            squares = next;
        }

        return values;
    }
}
