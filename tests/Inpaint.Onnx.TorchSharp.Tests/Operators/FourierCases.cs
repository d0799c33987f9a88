using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

internal static class FourierCases
{
    public static IEnumerable<OperatorCase> All =>
    [
        .. Enum.GetValues<FFTNormType>().SelectMany(norm => (OperatorCase[])
        [
            OperatorCase.Of($"rfft {norm}", "aten::fft_rfft", x => Real(fft.rfft(x, norm: norm)), () => randn(2, 3, 8)),
            OperatorCase.Of($"rfft2 {norm}", "aten::fft_rfft2", x => Real(fft.rfft2(x, norm: norm)), () => randn(2, 3, 6, 8)),
            OperatorCase.Of($"irfft {norm}", "aten::fft_irfft", x => fft.irfft(Complex(x), norm: norm), () => randn(2, 3, 5, 2)),
            OperatorCase.Of($"irfft2 {norm}", "aten::fft_irfft2", x => fft.irfft2(Complex(x), norm: norm), () => randn([2, 3, 6, 5, 2])),
            OperatorCase.Of($"fft {norm}", "aten::fft_fft", x => Real(fft.fft_(x, norm: norm)), () => randn(2, 3, 7)),
            OperatorCase.Of($"ifft {norm}", "aten::fft_ifft", x => Real(fft.ifft(Complex(x), norm: norm)), () => randn(2, 3, 7, 2)),
        ]),
        OperatorCase.Of("rfft of an odd length", "aten::fft_rfft", x => Real(fft.rfft(x)), () => randn(2, 7)),
        OperatorCase.Of("rfft along another axis", "aten::fft_rfft", x => Real(fft.rfft(x, dim: 1)), () => randn(2, 6, 3)),
        OperatorCase.Of("rfft of a longer length", "aten::fft_rfft", x => Real(fft.rfft(x, n: 10)), () => randn(2, 7)),
        OperatorCase.Of("rfft of a shorter length", "aten::fft_rfft", x => Real(fft.rfft(x, n: 4)), () => randn(2, 7)),
        OperatorCase.Of("rfft of doubles", "aten::fft_rfft", x => Real(fft.rfft(x)), () => randn([2, 7], float64)),
        OperatorCase.Of("irfft of an odd length", "aten::fft_irfft", x => fft.irfft(Complex(x), n: 9), () => randn(2, 3, 5, 2)),
        OperatorCase.Of("irfft of a shorter length", "aten::fft_irfft", x => fft.irfft(Complex(x), n: 4), () => randn(2, 3, 5, 2)),
        OperatorCase.Of("irfft along another axis", "aten::fft_irfft", x => fft.irfft(Complex(x), dim: 1), () => randn(2, 5, 3, 2)),
        OperatorCase.Of("rfftn", "aten::fft_rfftn", x => Real(fft.rfftn(x, dim: [1, 2, 3])), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("irfftn", "aten::fft_irfftn", x => fft.irfftn(Complex(x), s: [6, 7], dim: [2, 3]), () => randn([2, 3, 6, 4, 2])),
        new("fft2 and ifft2", ["aten::fft_fft2", "aten::fft_ifft2"], x => [Real(fft.fft2(x[0])), Real(fft.ifft2(Complex(x[1])))], () =>
            [randn(2, 3, 4, 5), randn([2, 3, 4, 5, 2])]),
        OperatorCase.Of("ifftn", "aten::fft_ifftn", x => Real(fft.ifftn(Complex(x), dim: [1, 3])), () => randn([2, 3, 4, 5, 2])),
        OperatorCase.Of("fftn", "aten::fft_fftn", x => Real(fft.fftn(x, dim: [1, 2])), () => randn(2, 3, 4)),
        OperatorCase.Of("rfft2 dynamic", "aten::fft_rfft2", x => Real(fft.rfft2(x, norm: FFTNormType.Ortho)), () =>
            randn(2, 3, 6, 8)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("rfft2 and irfft2 dynamic", "aten::fft_irfft2", x => fft.irfft2(fft.rfft2(x), s: [x.shape[2], x.shape[3]]), () =>
            randn(2, 3, 6, 8)) with { Dynamic = StructureCases.Image },
        OperatorCase.Of("fftshift", "aten::fft_fftshift", x => fft.fftshift(x, [1, 2]), () => randn(2, 5, 4)),
        OperatorCase.Of("ifftshift", "aten::fft_ifftshift", x => fft.ifftshift(x, [1, 2]), () => randn(2, 5, 4)),
        OperatorCase.Of("abs of complex numbers", "aten::abs", x => fft.rfft2(x).abs(), () => randn(2, 3, 4, 5)),
        OperatorCase.Of("angle of complex numbers", "aten::angle", x => Complex(x).angle(), () => randn(2, 30, 2)),
        new("complex and its parts", ["aten::complex", "aten::real", "aten::imag"], x =>
            [complex(x[0], x[1]).real, complex(x[0], x[1]).imag], () => [randn(2, 3), randn(2, 3)]),
        new("complex numbers as pairs", ["aten::view_as_complex", "aten::view_as_real"], x => [Real(Complex(x[0]))], () =>
            [randn(2, 3, 2)]),
        OperatorCase.Of("polar", "aten::polar", (x, y) => Real(polar(x, y)), () => rand(2, 3), () => randn(2, 3)),
        OperatorCase.Of("product of complex numbers", "aten::mul", (x, y) => Real(Complex(x) * Complex(y)), () => randn(2, 3, 2), () =>
            randn(2, 3, 2)),
        OperatorCase.Of("complex times real", "aten::mul", (x, y) => Real(Complex(x) * y), () => randn(2, 3, 2), () => randn(2, 3)),
        OperatorCase.Of("quotient of complex numbers", "aten::div", (x, y) => Real(Complex(x) / Complex(y)), () => randn(2, 3, 2), () =>
            rand(2, 3, 2) + 1),
        OperatorCase.Of("sum of complex and real", "aten::add", (x, y) => Real(Complex(x) + y), () => randn(2, 3, 2), () => randn(2, 3)),
        new("conj", ["aten::_conj", "aten::resolve_conj"], x => [Real(Complex(x[0]).conj().resolve_conj())], () => [randn(2, 3, 2)]),
        OperatorCase.Of("product of complex matrices", "aten::matmul", (x, y) => Real(Complex(x).matmul(Complex(y))), () =>
            randn(2, 3, 4, 2), () => randn(2, 4, 5, 2)),
        OperatorCase.Of("product of batches of complex matrices", "aten::bmm", (x, y) => Real(Complex(x).bmm(Complex(y))), () =>
            randn(2, 3, 4, 2), () => randn(2, 4, 5, 2)),
        OperatorCase.Of("abs of large and small complex numbers", "aten::abs", x =>
            cat([Complex(x * 1e25).abs() * 1e-25, Complex(x * 1e-25).abs() * 1e25]), () => randn(2, 3, 2)),
        OperatorCase.Of("angle on the axes", "aten::angle", x => Complex(where(x.abs() > 1, x.sign(), zeros_like(x))).angle(), () =>
            randn(2, 30, 2)),
        OperatorCase.Of("exp of complex numbers", "aten::exp", x => Real(exp(Complex(x))), () => randn(2, 3, 2)),
        OperatorCase.Of("adjoint of complex matrices", "aten::adjoint", x => Real(Complex(x).adjoint().resolve_conj()), () =>
            randn(2, 3, 4, 2)),
        OperatorCase.Of("conj_physical", "aten::conj_physical", x => Real(Complex(x).conj_physical()), () => randn(2, 3, 2)),
        OperatorCase.Of("angle of real numbers", "aten::angle", x => x.angle(), () => randn(2, 30)),
        OperatorCase.Of("complex numbers moved about", "aten::cat", x =>
            Real(cat([fft.rfft2(x).permute(0, 2, 1, 3), fft.rfft2(x).transpose(1, 2)], 1).reshape(x.shape[0], -1)), () =>
                randn(2, 3, 4, 5)),
        Lama(StructureCases.Fixed, "of fixed size"),
        Lama(StructureCases.Image, "of dynamic size"),
    ];

    private static Tensor Real(Tensor z) => view_as_real(z);

    private static Tensor Complex(Tensor pairs) => view_as_complex(pairs);

    /// <summary>The Fourier unit of LaMa (Suvorov et al. 2022): a convolution on the spectrum.</summary>
    private static OperatorCase Lama(Dictionary<string, int[]> dynamic, string how)
    {
        nn.Module<Tensor, Tensor>? conv = null;
        return new OperatorCase($"Fourier unit {how}", ["aten::fft_rfftn", "aten::fft_irfftn", "aten::complex"], x =>
        {
            (long n, long channels, long height, long width) = (x[0].shape[0], x[0].shape[1], x[0].shape[2], x[0].shape[3]);
            Tensor spectrum = fft.rfftn(x[0], dim: [2, 3], norm: FFTNormType.Ortho);
            Tensor parts =
                stack([spectrum.real, spectrum.imag], -1).permute(0, 1, 4, 2, 3).reshape(n, 2 * channels, height, (width / 2) + 1);
            Tensor changed = conv!.forward(parts).view(n, channels, 2, height, (width / 2) + 1).permute(0, 1, 3, 4, 2);
            return [fft.irfftn(complex(changed[TensorIndex.Ellipsis, 0], changed[TensorIndex.Ellipsis, 1]), s: [height, width], dim: [2, 3],
                norm: FFTNormType.Ortho)];
        }, () => [randn(2, 3, 6, 8)]) { Modules = () => [conv = nn.Conv2d(6, 6, 1)], Dynamic = dynamic };
    }
}
