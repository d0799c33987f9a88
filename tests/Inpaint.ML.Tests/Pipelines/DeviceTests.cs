using Inpaint.ML.Tests.Support;
using Inpaint.TestSupport;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Inpaint.ML.Tests.Pipelines;

public sealed class DeviceTests(Samples samples)
{
    private readonly MLContext _ml = new();

    [Fact]
    public void An_unavailable_device_is_an_error_that_lists_the_available_ones()
    {
        SkipWithCuda();
        foreach (GraphException error in new[]
        {
            Assert.Throws<GraphException>(
                () => _ml.Transforms.InpaintPhotos(
                    "Completed", "Path", options: new InpaintingOptions { Execution = new() { Device = "cuda:0" } })
                    .Fit(samples.View(_ml))),
            Assert.Throws<GraphException>(
                () => _ml.Transforms.ScoreOnnx(
                    "Y", "Vector", samples.VectorGraph, new OnnxScoringOptions { Execution = new() { Device = "cuda:0" } })
                    .Fit(samples.View(_ml))),
        })
        {
            Assert.Contains("'cuda:0' is not available", error.Message, StringComparison.Ordinal);
            Assert.Contains("CPUExecutionProvider", error.Message, StringComparison.Ordinal);
            Assert.Contains("expected CUDAExecutionProvider", error.Message, StringComparison.Ordinal);
            Assert.Contains("allow the fallback", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void With_fallback_the_CPU_is_used_with_a_warning_also_after_loading()
    {
        SkipWithCuda();
        using var folder = new TemporaryFolder();
        var warnings = new List<string>();
        IDataView data = samples.View(_ml);
        ITransformer model =
            _ml.Transforms.InpaintPhotos(
                "Completed", "Path",
                options: new InpaintingOptions { Execution = new() { Device = "cuda:0", Fallback = true, Warn = warnings.Add } })
            .Append(_ml.Transforms.ScoreOnnx(
                "Y", "Vector", samples.VectorGraph,
                new OnnxScoringOptions { Execution = new() { Device = "cuda:0", Fallback = true, Warn = warnings.Add } })).Fit(data);
        ITransformer cpu =
            _ml.Transforms.InpaintPhotos("Completed", "Path", options: new InpaintingOptions { Execution = new() { Device = "cpu" } })
            .Append(_ml.Transforms.ScoreOnnx("Y", "Vector", samples.VectorGraph)).Fit(data);
        List<string> expected = TestRows.Read(cpu.Transform(data));
        Assert.Equal(expected, TestRows.Read(model.Transform(data)));
        Assert.Equal(2, warnings.Count);
        Assert.All(warnings, w => Assert.Contains("Using the CPU", w, StringComparison.Ordinal));

        _ml.Model.Save(model, data.Schema, folder.File("model.zip"));
        var loading = new MLContext();
        var logged = new List<string>();
        loading.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
            {
                logged.Add(e.Message);
            }
        };
        Assert.Equal(expected, TestRows.Read(loading.Model.Load(folder.File("model.zip"), out _).Transform(data)));
        Assert.Equal(2, logged.Count(m => m.Contains("Using the CPU", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_fallback_is_logged_by_the_context_that_fits_or_loads()
    {
        SkipWithCuda();
        using var folder = new TemporaryFolder();
        IDataView data = samples.View(_ml);
        var execution = new ExecutionOptions { Device = "cuda:0", Fallback = true };
        (MLContext fitting, List<string> fitted) = Logged();
        ITransformer model = fitting.Transforms.InpaintPhotos("C", "Path", graph: "membrane", options: new() { Execution = execution })
            .Append(fitting.Transforms.ScoreOnnx("Y", "Vector", samples.VectorGraph, new() { Execution = execution })).Fit(data);
        _ = TestRows.Read(model.Transform(data));
        Assert.Equal(2, fitted.Count);
        fitting.Model.Save(model, data.Schema, folder.File("model.zip"));
        (MLContext loading, List<string> loaded) = Logged();
        _ = TestRows.Read(loading.Model.Load(folder.File("model.zip"), out _).Transform(data));
        Assert.Equal(2, loaded.Count);
        Assert.Equal(2, fitted.Count);
    }

    [Fact]
    public void The_contexts_device_and_fallback_hold_where_the_options_say_nothing()
    {
        SkipWithCuda();
        IDataView data = samples.View(_ml);
        using var folder = new TemporaryFolder();
        IEstimator<ITransformer> Step(int i, MLContext ml, ExecutionOptions execution) => i == 0
            ? ml.Transforms.InpaintPhotos("C", "Path", graph: "membrane", options: new() { Execution = execution })
            : ml.Transforms.ScoreOnnx("Y", "Vector", samples.VectorGraph, new() { Execution = execution });
        (MLContext strict, _) = Logged();
        strict.GpuDeviceId = 7;
        strict.FallbackToCpu = false;
        foreach (int i in new[] { 0, 1 })
        {
            GraphException error = Assert.Throws<GraphException>(() => Step(i, strict, new()).Fit(data));
            Assert.Contains("'cuda:7' is not available", error.Message, StringComparison.Ordinal);
            _ = Step(i, strict, new() { Device = "cpu" }).Fit(data);

            (MLContext lenient, List<string> log) = Logged();
            lenient.GpuDeviceId = 3;
            lenient.FallbackToCpu = true;
            ITransformer model = Step(i, lenient, new()).Fit(data);
            List<string> expected = TestRows.Read(model.Transform(data));
            Assert.Contains("cuda:3", Assert.Single(log), StringComparison.Ordinal);

            // The options stay as given: the context that loads the model decides anew.
            lenient.Model.Save(model, data.Schema, folder.File("model.zip"));
            (MLContext plain, List<string> quiet) = Logged();
            Assert.Equal(expected, TestRows.Read(plain.Model.Load(folder.File("model.zip"), out _).Transform(data)));
            Assert.Empty(quiet);
            (MLContext other, List<string> heard) = Logged();
            other.GpuDeviceId = 5;
            other.FallbackToCpu = true;
            Assert.Equal(expected, TestRows.Read(other.Model.Load(folder.File("model.zip"), out _).Transform(data)));
            Assert.Contains("cuda:5", Assert.Single(heard), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:x")]
    public void An_unknown_device_is_an_error_that_lists_the_known_ones(string device)
    {
        SettingException error =
            Assert.Throws<SettingException>(
                () => _ml.Transforms.InpaintPhotos(
                    "Completed", "Path", options: new InpaintingOptions { Execution = new() { Device = device } }));
        Assert.Contains("auto, cpu, cuda:N, tensorrt:N, directml:N, openvino or coreml", error.Message, StringComparison.Ordinal);
    }

    private static (MLContext Context, List<string> Warnings) Logged()
    {
        var context = new MLContext();
        var warnings = new List<string>();
        context.Log += (_, e) =>
        {
            if (e.Message.Contains("cuda", StringComparison.Ordinal))
            {
                warnings.Add(e.Message);
            }
        };
        return (context, warnings);
    }

    private static void SkipWithCuda() =>
        Assert.SkipWhen(GraphDevice.AvailableProviders.Contains("CUDAExecutionProvider"), "This ONNX Runtime has CUDA.");
}
