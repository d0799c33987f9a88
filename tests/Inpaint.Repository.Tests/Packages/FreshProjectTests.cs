using System.Diagnostics;
using System.Text.Json;
using Inpaint.ML.Rows;
using Inpaint.Onnx.TorchSharp;
using Inpaint.Repository.Tests.Readmes;
using Inpaint.Scenes;
using Inpaint.TestSupport;

namespace Inpaint.Repository.Tests.Packages;

/// <summary>
/// New projects from templates, outside the repository, with stock ML.NET and our packages from a local folder. Their other
/// packages are in the local cache, since this repository uses them too, so no feed is needed.
/// </summary>
public sealed class FreshProjectTests(BuiltPackages packages) : IClassFixture<BuiltPackages>, IDisposable
{
    private const string Runtime = "Microsoft.ML.OnnxRuntime";
    private const int Side = 160;

    private readonly TemporaryFolder _folder = new();
    private readonly Photo _photo = SceneGenerator.Draw(3, Side).Photo;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_console_app_runs_the_code_of_the_readmes_with_only_its_own_native_runtime()
    {
        string app = Write("Console", []);
        File.WriteAllText(Path.Combine(app, "Program.cs"), $$"""
            using Inpaint.Datasets;
            using Inpaint.Holes;
            using Inpaint.Onnx.Inpainting;
            using Inpaint.Photos;
            using Microsoft.ML;
            using Microsoft.ML.Data;

            {
            {{Readme.Region("tests/Inpaint.Repository.Tests/Readmes/Snippets.cs#Inpaint")}}
            }
            {
            {{Readme.Region("tests/Inpaint.Repository.Tests/Readmes/Snippets.cs#Inpaint.Onnx")}}
            File.Move("completed.png", "first.png");
            }
            {
            {{Readme.Region("tests/Inpaint.Repository.Tests/Readmes/Snippets.cs#Inpaint.ML")}}
            }
            """);
        File.WriteAllBytes(Path.Combine(app, "photo.jpg"), PhotoCodec.Encode(_photo, PhotoFormat.Jpeg));
        string graph = Directory.CreateDirectory(Path.Combine(app, "onnx", "membrane")).FullName;
        Array.ForEach(["model.onnx", "model.json"], f =>
            File.Copy(Path.Combine(Places.Repository, "onnx", "membrane", f), Path.Combine(graph, f)));
        Launched run = Launched.Run(Build(app, "Console"), [], app);
        Assert.True(run.ExitCode == 0, run.All);
        Photo before = PhotoCodec.Decode(Path.Combine(app, "photo.jpg"));
        Assert.Equal(before.Crop(Hole.Default(before.Width, before.Height).Bounds).Pixels,
            PhotoCodec.Decode(Path.Combine(app, "hidden.png")).Pixels);
        Assert.All(["first.png", "completed.png"], f => CheckCompleted(before, PhotoCodec.Decode(Path.Combine(app, f))));

        // Only the app itself references the native CPU runtime, so that it can be replaced by the GPU runtime.
        using var assets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(app, "obj", "project.assets.json")));
        JsonProperty[] libraries = [.. assets.RootElement.GetProperty("targets").GetProperty("net10.0").EnumerateObject()];
        Assert.Contains(libraries, l => l.Name == $"Microsoft.ML/{Consumer.VersionOf("Microsoft.ML")}");
        Assert.Contains(libraries, l => l.Name == $"Inpaint.ML/{BuiltPackages.Version}");
        Assert.DoesNotContain(libraries, l =>
            l.Value.TryGetProperty("dependencies", out JsonElement asked)
            && asked.EnumerateObject().Any(d => d.Name is Runtime or Runtime + ".Gpu"));
    }

    /// <summary>Only evaluated, not built: the package has half a gigabyte and needs a GPU.</summary>
    [Fact]
    public void A_GPU_project_differs_only_in_the_runtime_package()
    {
        string app = Write("Cuda", [Runtime + ".Gpu"], Runtime + ".Gpu");
        Launched evaluated = Launched.Dotnet(app, "msbuild", "Cuda.csproj", "-getItem:PackageReference");
        Assert.True(evaluated.ExitCode == 0, evaluated.All);
        using var json = JsonDocument.Parse(evaluated.Output);
        Dictionary<string, string> found = json.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .ToDictionary(i => i.GetProperty("Identity").GetString()!, i => i.GetProperty("Version").GetString()!);
        Assert.Equal(["Inpaint.ML", "Microsoft.ML", Runtime + ".Gpu"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Consumer.VersionOf(Runtime + ".Managed"), found[Runtime + ".Gpu"]);
    }

    [Fact]
    public void A_test_project_tests_a_completed_photo()
    {
        string app = Write("Tests", ["xunit.v3"]), scene = Path.Combine(app, "scene.png");
        File.WriteAllBytes(scene, PhotoCodec.Encode(SceneGenerator.Draw(3, 96).Photo));
        File.WriteAllText(Path.Combine(app, "CompletionTests.cs"), $$"""
            using Inpaint.Photos;
            using Microsoft.ML;
            using Microsoft.ML.Data;
            using Xunit;

            public sealed class CompletionTests
            {
                [Fact]
                public void The_corner_stays_and_the_centre_changes()
                {
                    Photo scene = PhotoCodec.Decode(@"{{scene}}");
                    var ml = new MLContext();
                    IDataView photos = ml.Data.LoadFromEnumerable([new { ImagePath = @"{{scene}}" }]);
                    IDataView output = ml.Transforms.InpaintPhotos("Completed", "ImagePath").Fit(photos).Transform(photos);
                    using MLImage completed = output.GetColumn<MLImage>("Completed").First();
                    completed.Save("completed.png");
                    Photo after = PhotoCodec.Decode("completed.png");
                    Assert.Equal(scene.Pixels[..384].ToArray(), after.Pixels[..384].ToArray());
                    Assert.NotEqual(scene.Pixels.ToArray(), after.Pixels.ToArray());
                }
            }
            """);
        Launched run = Launched.Run(Build(app, "Tests"), [], app);
        Assert.True(run.ExitCode == 0, run.All);
        Assert.Matches(@"(Total|succeeded): 1\b", run.Output);
    }

    [Fact]
    public async Task A_minimal_API_completes_the_photo_of_a_request()
    {
        string app = Write("Api", [], sdk: "Microsoft.NET.Sdk.Web");
        File.WriteAllText(Path.Combine(app, "Program.cs"), """
            using Microsoft.ML;
            using Microsoft.ML.Data;

            var ml = new MLContext();
            ITransformer model = ml.Transforms.InpaintPhotos("Completed", "Bytes").Fit(ml.Data.LoadFromEnumerable(new List<Upload>()));
            WebApplication app = WebApplication.CreateBuilder(args).Build();
            app.MapPost("/complete", async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                IDataView photos = ml.Data.LoadFromEnumerable([new Upload { Bytes = body.ToArray() }]);
                using MLImage completed = model.Transform(photos).GetColumn<MLImage>("Completed").First();
                string file = Path.Combine(AppContext.BaseDirectory, $"{Guid.NewGuid():N}.png");
                completed.Save(file);
                return Results.Bytes(await File.ReadAllBytesAsync(file), "image/png");
            });
            app.Run();

            internal sealed class Upload
            {
                public byte[] Bytes { get; set; } = [];
            }
            """);
        var start = new ProcessStartInfo(
            Build(app, "Api"), ["--urls", "http://127.0.0.1:0"]) { WorkingDirectory = app, RedirectStandardOutput = true };
        using Process server = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            string address = await Address(server, patience.Token);
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            using var photo = new ByteArrayContent(PhotoCodec.Encode(_photo));
            using HttpResponseMessage answer = await client.PostAsync(new Uri("/complete", UriKind.Relative), photo, patience.Token);
            Assert.True(answer.IsSuccessStatusCode, $"The app answered {answer.StatusCode}.");
            CheckCompleted(_photo, PhotoCodec.Decode(await answer.Content.ReadAsByteArrayAsync(patience.Token)));
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private string Write(string name, string[] more, string runtime = Runtime, string sdk = "Microsoft.NET.Sdk")
    {
        string app = _folder.File(name);
        Dictionary<string, string> asked = new string[] { "Microsoft.ML", runtime }.Union(more).ToDictionary(p => p, Consumer.VersionOf);
        asked["Inpaint.ML"] = BuiltPackages.Version;
        Consumer.Write(app, name, packages.Folder, "", asked, sdk: sdk);
        return app;
    }

    private static string Build(string app, string name)
    {
        Launched built = Launched.Dotnet(app, "build", "-c", "Release", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        Assert.True(built.ExitCode == 0, built.All);
        return Path.Combine(app, "bin", "Release", "net10.0", OperatingSystem.IsWindows() ? $"{name}.exe" : name);
    }

    private static async Task<string> Address(Process server, CancellationToken patience)
    {
        const string prefix = "Now listening on: ";
        while (await server.StandardOutput.ReadLineAsync(patience) is { } line)
        {
            if (line.Contains(prefix, StringComparison.Ordinal))
            {
                _ = server.StandardOutput.ReadToEndAsync(patience);
                return line[(line.IndexOf(prefix, StringComparison.Ordinal) + prefix.Length)..].Trim();
            }
        }

        throw new InvalidOperationException($"The app exited with {server.ExitCode} before it listened.");
    }

    private static void CheckCompleted(Photo before, Photo after)
    {
        Assert.Equal((before.Width, before.Height), (after.Width, after.Height));
        PixelRect hole = Hole.Default(before.Width, before.Height).Bounds;
        int changed = 0;
        for (int i = 0; i < before.Width * before.Height; i++)
        {
            bool same = before.Pixels.Slice(4 * i, 4).SequenceEqual(after.Pixels.Slice(4 * i, 4));
            bool inside = i % before.Width >= hole.X && i % before.Width < hole.X + hole.Width && i / before.Width >= hole.Y
                && i / before.Width < hole.Y + hole.Height;
            Assert.True(same || inside, $"Pixel {i % before.Width}, {i / before.Width} is outside the hole, but has changed.");
            changed += same ? 0 : 1;
        }

        Assert.True(
            changed > hole.Width * hole.Height / 2,
            $"{changed} pixels changed; expected most of the {hole.Width * hole.Height} hidden ones.");
    }
}
