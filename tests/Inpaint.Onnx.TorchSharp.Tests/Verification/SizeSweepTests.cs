using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Functions of a size as networks have them, at many examples: the one found is right up to eight times the example.</summary>
public sealed class SizeSweepTests
{
    private static readonly (string Name, Func<long, long> Function)[] Functions =
    [
        .. new long[] { 2, 3, 4, 5, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64, 100, 128, 320 }.SelectMany(d => new (string, Func<long, long>)[]
        {
            ($"n/{d}", n => n / d), ($"(n+{d - 1})/{d}", n => (n + d - 1) / d), ($"n/{d}*{d}", n => n / d * d),
            ($"(n+{d - 1})/{d}*{d}", n => (n + d - 1) / d * d), ($"n%{d}", n => n % d), ($"-n mod {d}", n => (d - (n % d)) % d),
            ($"n/{d}+1", n => (n / d) + 1), ($"(n-{d})/{d}+1", n => n < d ? 0 : ((n - d) / d) + 1), ($"2*(n/{d})", n => 2 * (n / d)),
            ($"n-n/{d}", n => n - (n / d)),
        }),
        ("2n", n => 2 * n), ("3n+1", n => (3 * n) + 1), ("n-2", n => n - 2), ("2n-1", n => (2 * n) - 1),
        ("3n/4", n => 3 * n / 4), ("round(3n/4)", n => (long)Math.Round(n * 0.75)), ("round(n/2)", n => (long)Math.Round(n * 0.5)),
        ("ceil(3n/4)", n => ((3 * n) + 3) / 4), ("17n/10", n => 17 * n / 10), ("9n/5", n => 9 * n / 5), ("7n/8", n => 7 * n / 8),
        ("min(n,512)", n => Math.Min(n, 512)), ("n*n", n => n * n), ("sqrt n", n => (long)Math.Sqrt(n)),
    ];

    [Fact]
    public void No_function_is_silently_wrong_and_most_are_found()
    {
        int right = 0, refused = 0, all = 0;
        List<string> wrong = [], names = [];
        var axis = new DynamicAxis(0, 2, "height");
        foreach ((string name, Func<long, long> function) in Functions)
        {
            foreach (long example in (long[])[8, 17, 28, 32, 100])
            {
                all++;
                SymbolicInt? found = Find(axis, function, example);
                IEnumerable<long> sizes = Enumerable.Range((int)Math.Max(1, example / 2), (int)(7.5 * example)).Select(n => (long)n);
                if (found is null)
                {
                    refused++;
                    names.Add($"{name} at {example}");
                }
                else if (SizePlan.Ladder.Any(n => At(found.Value, n) != function(n)))
                {
                    // The comparison of module and graph finds it.
                    refused++;
                    names.Add($"{name} at {example}");
                }
                else if (sizes.All(n => At(found.Value, n) == function(n)))
                {
                    right++;
                }
                else
                {
                    long at = sizes.First(n => At(found.Value, n) != function(n));
                    wrong.Add($"{name} at example {example}: {found} gives {At(found.Value, at)} at {at}, expected {function(at)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {all} wrong:\n{string.Join('\n', wrong.Take(30))}");
        Assert.True(right >= 0.9 * all, $"{right} right and {refused} refused of {all}: {string.Join("; ", names)}");
    }

    private static long At(SymbolicInt number, long size) => number.IsConstant ? number.Value : number.OfProduct(size);

    private static SymbolicInt? Find(DynamicAxis axis, Func<long, long> function, long example)
    {
        var taken = new HashSet<long> { example };
        var sizes = new List<long> { example };
        SizePlan.Take(SizePlan.ToRecord(axis, example, isFast: true), taken, sizes.Add);
        for (int tried = 0; tried < 24; tried++)
        {
            long[] values = [.. sizes.Select(function)];
            if (values.All(v => v == values[0]) || SizePlan.Next(axis, [.. sizes], [values], taken) is not { } next)
            {
                break;
            }

            taken.Add(next);
            sizes.Add(next);
        }

        long[] numbers = [.. sizes.Select(function)];
        return numbers.All(v => v == numbers[0]) ? numbers[0] : SizeFunctions.Fit(axis, [.. sizes], numbers);
    }
}
