using System.Runtime.Intrinsics.X86;

namespace Inpaint.Training;

/// <summary>Whether the processor computes in bfloat16 itself: without that, autocast is many times slower than float32.</summary>
internal static class BrainFloat
{
    private const int Features = 7, Avx512Bf16Bit = 5, AmxBf16Bit = 22;

    /// <summary>Whether this processor has AVX512-BF16 or AMX-BF16. An ARM processor is taken to have it.</summary>
    public static bool IsFast()
    {
        if (!X86Base.IsSupported)
        {
            return true;
        }

        if (X86Base.CpuId(0, 0).Eax < Features)
        {
            return false;
        }

        bool amx = (X86Base.CpuId(Features, 0).Edx >> AmxBf16Bit & 1) == 1;
        bool avx = (X86Base.CpuId(Features, 1).Eax >> Avx512Bf16Bit & 1) == 1;
        return amx || avx;
    }
}
