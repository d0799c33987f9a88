using System.Reflection;
using Inpaint.Evaluation;
using Inpaint.Hosting;
using Inpaint.Jobs;
using Inpaint.ML;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;
using PublicApiGenerator;

namespace Inpaint.Repository.Tests.Api;

/// <summary>The public API of each library matches an approved text file.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<Type> Libraries =>
    [
        typeof(Photo), typeof(Inpainter), typeof(Evaluator), typeof(JobFolder), typeof(PhotoInpaintingEstimator),
        typeof(IInpaintingService), typeof(OnnxExporter),
    ];

    [Theory, MemberData(nameof(Libraries))]
    public void The_public_API_is_approved(Type inside)
    {
        Assembly library = inside.Assembly;
        string name = library.GetName().Name!;
        string api = library.GeneratePublicApi(new ApiGeneratorOptions
        {
            IncludeAssemblyAttributes = false,
            // Our extension methods are in the namespace Microsoft.ML, which is denied by default.
            DenyNamespacePrefixes = [],
        }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        string approved = Path.Combine(Places.Repository, "tests", "Inpaint.Repository.Tests", "Api", $"{name}.approved.txt");
        if (File.Exists(approved) && File.ReadAllText(approved) == api)
        {
            return;
        }

        string received = Path.Combine(Directory.CreateTempSubdirectory("inpaint-api-").FullName, $"{name}.received.txt");
        File.WriteAllText(received, api);
        Assert.Fail(
            $"The public API of {name} differs from the approved one. To see the difference:\n  git diff --no-index {approved} {received}\n"
            + $"To approve it:\n  cp {received} {approved}");
    }
}
