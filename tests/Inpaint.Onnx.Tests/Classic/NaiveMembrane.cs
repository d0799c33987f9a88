namespace Inpaint.Onnx.Tests.Classic;

/// <summary>A reference implementation of the membrane: Gauss-Seidel sweeps until convergence.</summary>
internal static class NaiveMembrane
{
    /// <summary>Fills the centre 32x32 of planes of 64x64 in place.</summary>
    public static void Fill(double[] planes)
    {
        for (int plane = 0; plane < planes.Length; plane += 64 * 64)
        {
            double moved;
            do
            {
                moved = 0;
                for (int y = 16; y < 48; y++)
                {
                    for (int x = 16; x < 48; x++)
                    {
                        int i = plane + y * 64 + x;
                        double value = (planes[i - 1] + planes[i + 1] + planes[i - 64] + planes[i + 64]) / 4;
                        moved = Math.Max(moved, Math.Abs(value - planes[i]));
                        planes[i] = value;
                    }
                }
            }
            while (moved > 1e-10);
        }
    }

    /// <summary>The fill [count,3,32,32] of pictures [count,3,64,64].</summary>
    public static double[] FillOf(ReadOnlySpan<float> pictures)
    {
        double[] planes = new double[pictures.Length];
        for (int i = 0; i < planes.Length; i++)
        {
            planes[i] = pictures[i];
        }

        Fill(planes);
        double[] fill = new double[planes.Length / 4];
        for (int i = 0; i < fill.Length; i++)
        {
            (int plane, int y, int x) = (i / 1024, i / 32 % 32, i % 32);
            fill[i] = planes[plane * 4096 + (y + 16) * 64 + x + 16];
        }

        return fill;
    }
}
