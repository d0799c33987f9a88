using System.Runtime.InteropServices;
using System.Text.Json;
using Inpaint.Onnx.TorchSharp;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Projects;

/// <summary>Restoring and evaluating the project files.</summary>
public sealed class RestoreTests
{
    private const string Program = "pipelines/ExistingApp/ExistingApp.csproj", Export = "training/Inpaint.Export/Inpaint.Export.csproj";

    [Fact]
    public void Restore_has_no_warnings()
    {
        int read = 0;
        foreach (ProjectFile project in ProjectFile.All)
        {
            string assets = Path.Combine(Places.Repository, Path.GetDirectoryName(project.Path)!, "obj", "project.assets.json");
            if (!File.Exists(assets))
            {
                continue;
            }

            read++;
            using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
            string logs = json.RootElement.TryGetProperty("logs", out JsonElement found) ? found.ToString() : "";
            Assert.True(
                logs.Length == 0, $"{project}: restore reports {logs} Pin the package that it substitutes in Directory.Packages.props.");
        }

        Assert.True(read >= 4, $"Only {read} projects are restored; expected this test's own and the three libraries at least.");
    }

    [Theory]
    [InlineData("cpu", "Microsoft.ML.OnnxRuntime", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("gpu", "Microsoft.ML.OnnxRuntime.Gpu", "Microsoft.ML.OnnxRuntime")]
    public void A_program_gets_the_native_package_of_the_property(string setting, string expected, string other)
    {
        Launched evaluated =
            Launched.Dotnet(Places.Repository, "msbuild", Program, "-getItem:PackageReference,PackageVersion", $"-p:OnnxRuntime={setting}");
        Assert.True(evaluated.ExitCode == 0, evaluated.All);
        using var json = JsonDocument.Parse(evaluated.Output);
        JsonElement items = json.RootElement.GetProperty("Items");
        string[] packages = [.. items.GetProperty("PackageReference").EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];
        Assert.Contains(expected, packages);
        Assert.DoesNotContain(other, packages);
        Dictionary<string, string> versions = items.GetProperty("PackageVersion").EnumerateArray()
            .ToDictionary(i => i.GetProperty("Identity").GetString()!, i => i.GetProperty("Version").GetString()!);
        Assert.Equal(versions[other], versions[expected]);
        Assert.Equal(versions["Microsoft.ML.OnnxRuntime.Managed"], versions[expected]);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cuda")]
    public void A_user_of_libtorch_gets_only_the_package_of_its_platform(string setting)
    {
        string rid = RuntimeInformation.RuntimeIdentifier;
        string expected = setting == "cpu"
            ? $"libtorch-cpu-{rid}" : $"TorchSharp-cuda-{rid.Split('-')[0].Replace("win", "windows", StringComparison.Ordinal)}";
        Launched evaluated =
            Launched.Dotnet(Places.Repository, "msbuild", Export, "-getItem:PackageReference,PackageVersion", $"-p:Libtorch={setting}");
        Assert.True(evaluated.ExitCode == 0, evaluated.All);
        using var json = JsonDocument.Parse(evaluated.Output);
        JsonElement items = json.RootElement.GetProperty("Items");
        string[] packages = [.. items.GetProperty("PackageReference").EnumerateArray().Select(i => i.GetProperty("Identity").GetString()!)];
        Assert.Equal(
            [expected],
            packages.Where(p =>
                p.StartsWith("libtorch", StringComparison.OrdinalIgnoreCase)
                || p.StartsWith("TorchSharp-", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(expected, items.GetProperty("PackageVersion").EnumerateArray().Select(i => i.GetProperty("Identity").GetString()));
    }

    [Theory]
    [InlineData(Program, "OnnxRuntime", "tpu", "OnnxRuntime is 'tpu'; expected 'cpu' or 'gpu'.")]
    [InlineData(Export, "Libtorch", "rocm", "Libtorch is 'rocm'; expected 'cpu' or 'cuda'.")]
    [InlineData(Export, "WeakenTorchSharpNative", "no", "WeakenTorchSharpNative is 'no'; expected 'auto', 'always' or 'never'.")]
    public void Another_value_of_a_property_is_one_clear_error(string project, string property, string value, string message)
    {
        Launched built = Launched.Dotnet(Places.Repository, "build", project, $"-p:{property}={value}", "-p:BuildProjectReferences=false");
        Assert.NotEqual(0, built.ExitCode);
        Assert.Contains(message, built.Output);
        Assert.Contains(" 1 Error(s)", built.Output);
    }
}
