using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Inpaint.Holes;

/// <summary>The inner loops of resampling: weighted sums of rows of pixels, and of pixels along a row.</summary>
internal static class PixelSums
{
    /// <summary>Adds <paramref name="weight"/> times each byte of a row to the sums.</summary>
    public static void AddRow(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref byte source = ref MemoryMarshal.GetReference(row);
            ref float target = ref MemoryMarshal.GetReference(sums[..row.Length]);
            var weights = Vector256.Create(weight);
            for (; i <= row.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
            {
                (Vector256<ushort> low, Vector256<ushort> high) = Vector256.Widen(Vector256.LoadUnsafe(ref source, (nuint)i));
                AddEight(Vector256.WidenLower(low), weights, ref target, i);
                AddEight(Vector256.WidenUpper(low), weights, ref target, i + 8);
                AddEight(Vector256.WidenLower(high), weights, ref target, i + 16);
                AddEight(Vector256.WidenUpper(high), weights, ref target, i + 24);
            }
        }

        for (; i < row.Length; i++)
        {
            sums[i] += weight * row[i];
        }
    }

    /// <summary>The weighted sum of the four-channel pixels from <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(ReadOnlySpan<float> pixels, int first, ReadOnlySpan<float> weights)
    {
        ref float start = ref MemoryMarshal.GetReference(pixels.Slice(4 * first, 4 * weights.Length));
        Vector128<float> even = Vector128<float>.Zero, odd = Vector128<float>.Zero;
        int i = 0;
        for (; i < weights.Length - 1; i += 2)
        {
            even = Vector128.MultiplyAddEstimate(Vector128.LoadUnsafe(ref start, (nuint)(4 * i)), Vector128.Create(weights[i]), even);
            odd = Vector128.MultiplyAddEstimate(Vector128.LoadUnsafe(ref start, (nuint)(4 * i) + 4), Vector128.Create(weights[i + 1]), odd);
        }

        if (i < weights.Length)
        {
            even = Vector128.MultiplyAddEstimate(Vector128.LoadUnsafe(ref start, (nuint)(4 * i)), Vector128.Create(weights[i]), even);
        }

        return even + odd;
    }

    /// <summary>Red, green and blue rounded half up and clamped to bytes, and opaque alpha, in memory order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToPixel(Vector128<float> rgb)
    {
        Vector128<float> clamped = Vector128.Min(Vector128.Max(rgb, Vector128<float>.Zero), Vector128.Create(255f));
        Vector128<int> rounded = Vector128.ConvertToInt32(clamped + Vector128.Create(0.5f));
        Vector128<short> narrow = Vector128.Narrow(rounded, rounded);
        uint pixel = Vector128.Narrow(narrow.AsUInt16(), narrow.AsUInt16()).AsUInt32().ToScalar();
        return pixel | Opaque;
    }

    /// <summary>Opaque black, in memory order.</summary>
    public static uint Opaque => BitConverter.IsLittleEndian ? 0xFF000000 : 0xFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddEight(Vector256<uint> bytes, Vector256<float> weights, ref float target, int at)
    {
        Vector256<float> values = Vector256.ConvertToSingle(bytes.AsInt32());
        Vector256.MultiplyAddEstimate(values, weights, Vector256.LoadUnsafe(ref target, (nuint)at)).StoreUnsafe(ref target, (nuint)at);
    }
}
