namespace Inpaint.Repository.Tests.Projects;

/// <summary>Who may depend on whom.</summary>
public sealed class DependencyRuleTests
{
    private const string MachineLearning = "Microsoft.ML", Runtime = "Microsoft.ML.OnnxRuntime";

    /// <summary>What each library may refer to, and nothing else.</summary>
    private static readonly Dictionary<string, (string[] Projects, string[] Packages)> Libraries = new()
    {
        ["Inpaint"] = ([], ["SkiaSharp", "Parquet.Net"]),
        ["Inpaint.Onnx"] = (["Inpaint"], ["Microsoft.ML.OnnxRuntime.Managed", "Google.Protobuf", "Grpc.Tools", "System.Numerics.Tensors"]),
        ["Inpaint.Scenes"] = (["Inpaint"], ["SkiaSharp"]),
        ["Inpaint.Jobs"] = (["Inpaint"], ["Parquet.Net"]),
        ["Inpaint.Evaluation"] = (["Inpaint", "Inpaint.Onnx"], ["Microsoft.ML.OnnxRuntime.Managed", "System.Numerics.Tensors"]),
        ["Inpaint.Console"] = (["Inpaint", "Inpaint.Onnx", "Inpaint.Scenes"], ["System.CommandLine", "Spectre.Console"]),
        ["Inpaint.ML"] = (["Inpaint", "Inpaint.Onnx", "Inpaint.Jobs"],
            ["Microsoft.ML", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.OnnxTransformer", "System.Numerics.Tensors"]),
        ["Inpaint.Hosting"] = (["Inpaint.Onnx"],
            ["Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions",
                "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
                "Microsoft.Extensions.Options"]),
        ["Inpaint.Onnx.TorchSharp"] = (["Inpaint.Onnx"], ["TorchSharp"]),
    };

    public static TheoryData<string> In(string area) => [.. ProjectFile.All.Where(p => p.Area == area).Select(p => p.Name)];

    [Theory, MemberData(nameof(In), "src")]
    public void A_library_has_only_the_dependencies_in_the_table(string name)
    {
        Assert.True(Libraries.ContainsKey(name), $"src/{name} has no row in this test's table; add one with its allowed dependencies.");
        ProjectFile project = ProjectFile.Named(name);
        (string[] projects, string[] packages) = Libraries[name];
        Assert.Empty(project.Projects.Except(projects));
        Assert.Empty(project.Packages.Except(packages));
    }

    [Theory, MemberData(nameof(In), "src")]
    public void A_library_depends_on_no_native_runtime(string name)
    {
        ProjectFile project = ProjectFile.Named(name);
        Assert.Empty(project.Xml.Descendants("UsesOnnxRuntime"));
        Assert.DoesNotContain(project.Packages, p => p is Runtime or Runtime + ".Gpu"
            || p.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, MemberData(nameof(In), "training")]
    public void Training_does_not_depend_on_MLNET(string name)
    {
        foreach (ProjectFile project in ProjectFile.Named(name).Closure())
        {
            Assert.Contains(project.Area, new[] { "src", "training" });
            Assert.DoesNotContain(project.Packages, p => p == MachineLearning
                || (p.StartsWith(MachineLearning + ".", StringComparison.Ordinal) && !p.StartsWith(Runtime, StringComparison.Ordinal)));
        }
    }

    [Theory, MemberData(nameof(In), "pipelines")]
    public void A_pipeline_does_not_depend_on_TorchSharp_or_training(string name)
    {
        foreach (ProjectFile project in ProjectFile.Named(name).Closure())
        {
            Assert.True(project.Area == "src" || project.Name == name,
                $"{name} depends on {project.Path}; a program in pipelines depends on src alone.");
            Assert.DoesNotContain(project.Packages, p => p.StartsWith("TorchSharp", StringComparison.OrdinalIgnoreCase)
                || p.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>A linked source is a dependency on whoever owns it; tests may link what tests share.</summary>
    [Fact]
    public void A_project_compiles_no_sources_of_another() =>
        Assert.All(ProjectFile.All, p => Assert.DoesNotContain(
            p.LinkedSources, link => p.Area != "tests" || !link.StartsWith("../Shared/", StringComparison.Ordinal)));

    [Theory, MemberData(nameof(In), "src")]
    public void A_library_exposes_its_internals_only_to_tests(string name)
    {
        string[] friends = [.. ProjectFile.Named(name).Xml.Descendants("InternalsVisibleTo").Select(i => (string)i.Attribute("Include")!)];
        Assert.All(friends, f => Assert.Equal("tests", ProjectFile.Named(f).Area));
    }

    [Fact]
    public void An_app_with_Inpaint_ML_receives_no_scenes_and_no_evaluation()
    {
        string[] received = [.. ProjectFile.Named("Inpaint.ML").Closure().Select(p => p.Name)];
        Assert.DoesNotContain("Inpaint.Scenes", received);
        Assert.DoesNotContain("Inpaint.Evaluation", received);
    }

    [Fact]
    public void Every_project_is_in_one_of_the_four_areas() =>
        Assert.All(ProjectFile.All, p => Assert.Contains(p.Area, new[] { "src", "training", "pipelines", "tests" }));

    [Fact]
    public void Only_tests_refer_to_tests()
    {
        var tests = ProjectFile.All.Where(p => p.Area == "tests").Select(p => p.Name).ToHashSet();
        Assert.All(ProjectFile.All.Where(p => p.Area != "tests"), p => Assert.DoesNotContain(p.Projects, tests.Contains));
    }
}
