using System.Security.Cryptography;

namespace Inpaint.Evaluation.Perception;

/// <summary>
/// The pretrained network of <c>perceptual</c> and <c>kid</c>: the ResNet-18 (ImageNet) of the NuGet package
/// Microsoft.ML.DnnImageFeaturizer.ResNet18, a file of 64 MB that no package of this project contains. Its input is a photo in the order
/// blue, green, red, values 0..255 less <see cref="Mean"/>, sides that are multiples of 32 (its padding suits no others). Its four
/// stages have 64, 128, 256 and 512 channels and a position for every 4, 8, 16 and 32 pixels. (Its last stage has three blocks; the
/// ResNet-18 of the paper, arXiv 1512.03385, has two.) Thread-safe.
/// </summary>
public sealed class PerceptualNetwork : IDisposable
{
    /// <summary>The environment variable with the path of the file.</summary>
    public const string EnvironmentVariable = "INPAINT_PERCEPTUAL_NETWORK";

    /// <summary>The NuGet package that contains the file.</summary>
    public const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    /// <summary>The version of <see cref="Package"/>.</summary>
    public const string PackageVersion = "0.23.1";

    /// <summary>SHA-256 of the file, in lower-case hexadecimal digits.</summary>
    public const string Sha256 = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f";

    private const string FileInPackage = "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx";

    private readonly GraphSession _session;

    private PerceptualNetwork(GraphSession session) => _session = session;

    /// <summary>The name of the input, [N,3,H,W].</summary>
    public static string Input => "Input247";

    /// <summary>The values at the ends of the four stages: [N,64,H/4,W/4] to [N,512,H/32,W/32], each after a ReLU.</summary>
    public static IReadOnlyList<string> Stages { get; } = ["ReLU283_Output_0", "ReLU315_Output_0", "ReLU347_Output_0", "ReLU393_Output_0"];

    /// <summary>
    /// What is subtracted from blue, green and red, values 0..255: the mean over the positions of the package's mean image
    /// (<c>ResNetPreprocess.onnx</c>), which itself fits one size only.
    /// </summary>
    public static IReadOnlyList<float> Mean { get; } = [103.0626f, 115.9029f, 123.1516f];

    /// <summary>Loads the network.</summary>
    /// <param name="path">The file; null to look for it, as <see cref="Locate"/> does.</param>
    /// <param name="execution">Where and how it runs; null for the defaults.</param>
    /// <inheritdoc cref="Read" path="/exception"/>
    public static PerceptualNetwork Load(string? path = null, ExecutionOptions? execution = null) =>
        new(GraphSession.Open(Read(path).Part(Stages, "N", 3, "H", "W").ToBytes(), execution));

    /// <summary>Reads the file, whose weights training uses as well.</summary>
    /// <param name="path">The file; null to look for it, as <see cref="Locate"/> does.</param>
    /// <exception cref="GraphException">The file is not found, or is another one.</exception>
    public static OnnxModel Read(string? path = null)
    {
        string file = Locate(path);
        byte[] bytes = File.ReadAllBytes(file);
        string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == Sha256
            ? OnnxModel.Read(bytes, file)
            : throw new GraphException($"{file} has SHA-256 {found}; expected {Sha256}, the perceptual network. Figures of another "
                + $"network would not be comparable. {Advice}");
    }

    /// <summary>
    /// Finds the file: the given path, else that of the environment variable <c>INPAINT_PERCEPTUAL_NETWORK</c>, else the NuGet package
    /// folder (the environment variable <c>NUGET_PACKAGES</c>, or <c>.nuget/packages</c> in the home folder).
    /// </summary>
    /// <param name="path">The file; null to look for it.</param>
    /// <exception cref="GraphException">It is not there; the message says how to get it.</exception>
    public static string Locate(string? path = null)
    {
        string? given = Given(path) ?? Given(Environment.GetEnvironmentVariable(EnvironmentVariable));
        string expected = given ?? Path.Combine(PackagesFolder(), Package.ToLowerInvariant(), PackageVersion, FileInPackage);
        return File.Exists(expected)
            ? expected
            : throw new GraphException($"The perceptual network is not at '{expected}'. {Advice}");
    }

    /// <summary>Creates a comparer with its own buffers, for one thread at a time. The caller disposes it.</summary>
    public PerceptualComparer CreateComparer() => new(_session.CreateRunner());

    /// <inheritdoc />
    public void Dispose() => _session.Dispose();

    private static string Advice => $"Run 'dotnet package download {Package}@{PackageVersion}', or specify the file "
        + $"{Path.GetFileName(FileInPackage)} of that package with --perceptual-network or {EnvironmentVariable}.";

    private static string? Given(string? path) => string.IsNullOrWhiteSpace(path) ? null : path;

    private static string PackagesFolder() => Given(Environment.GetEnvironmentVariable("NUGET_PACKAGES"))
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
