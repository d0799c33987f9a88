using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Inpaint.Hosting.Tests;

/// <summary>Graphs in the services of a generic host.</summary>
public sealed class HostTests
{
    private static readonly Photo Scene = SceneGenerator.Draw(5, 96).Photo;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_started_host_completes_photos_with_its_named_graphs_as_Inpainter_does()
    {
        using IHost host = await StartAsync(services => services
            .AddInpainting(o => o.Graph = "fill")
            .AddInpainting("smooth", o => o.Graph = "membrane"));
        foreach ((string graph, IInpaintingService service) in new[]
        {
            ("fill", host.Services.GetRequiredService<IInpaintingService>()),
            ("membrane", host.Services.GetRequiredKeyedService<IInpaintingService>("smooth")),
        })
        {
            using var inpainter = new Inpainter(GraphPackage.Load(graph));
            Photo completed = await service.CompleteAsync(Scene, cancellationToken: Stop);
            Assert.Equal(inpainter.Complete(Scene).Pixels, completed.Pixels);
        }

        Assert.Same(host.Services.GetRequiredService<IInpaintingService>(), host.Services.GetRequiredService<IInpaintingService>());
    }

    [Fact]
    public async Task The_graph_is_loaded_and_run_before_the_host_has_started_unless_that_is_off()
    {
        var log = new LogLines();
        using (await StartAsync(services => services.AddInpainting(o => o.Graph = "fill"), log))
        {
            Assert.Single(log.Lines, l => l.Contains("graph fill is loaded on cpu", StringComparison.Ordinal));
        }

        var late = new LogLines();
        using IHost host = await StartAsync(services => services.AddInpainting(o => (o.Graph, o.WarmUp) = ("fill", false)), late);
        Assert.DoesNotContain(late.Lines, l => l.Contains("is loaded", StringComparison.Ordinal));
        _ = await host.Services.GetRequiredService<IInpaintingService>().CompleteAsync(Scene, cancellationToken: Stop);
        Assert.Single(late.Lines, l => l.Contains("is loaded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no-such-graph", "'no-such-graph' is not found")]
    [InlineData(null, "names no graph")]
    public async Task A_graph_that_cannot_be_loaded_stops_the_start_and_is_unhealthy_without_warm_up(string? graph, string expected)
    {
        GraphException error = await Assert.ThrowsAsync<GraphException>(
            () => StartAsync(services => services.AddInpainting(o => o.Graph = graph)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);

        using IHost host = await StartAsync(services => services.AddInpainting("late", o => (o.Graph, o.WarmUp) = (graph, false)));
        HealthReportEntry entry = await HealthAsync(host);
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.Contains(expected, entry.Description, StringComparison.Ordinal);
        Assert.StartsWith("late: ", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_names_graphs_and_devices_and_a_fallback_is_degraded_and_logged()
    {
        Assert.SkipWhen(GraphDevice.AvailableProviders.Contains("CUDAExecutionProvider"), "This ONNX Runtime has CUDA.");
        using IHost healthy = await StartAsync(services => services.AddInpainting(o => o.Graph = "fill"));
        HealthReportEntry entry = await HealthAsync(healthy);
        Assert.Equal((HealthStatus.Healthy, "fill on cpu"), (entry.Status, entry.Data["default"]));

        var log = new LogLines();
        using IHost fallen = await StartAsync(
            services => services.AddInpainting(o =>
            {
                o.Graph = "fill";
                o.Inpainting = new InpaintingOptions { Execution = new ExecutionOptions { Device = "cuda:1", Fallback = true } };
            }), log);
        entry = await HealthAsync(fallen);
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains("'cuda:1' is not available", entry.Description, StringComparison.Ordinal);
        Assert.Single(log.Lines, l =>
            l.StartsWith("Warning: Inpainting service default: Device 'cuda:1'", StringComparison.Ordinal)
            && l.Contains("Using the CPU", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_invalid_option_is_an_error_that_names_it()
    {
        SettingException error = await Assert.ThrowsAsync<SettingException>(() => StartAsync(services => services.AddInpainting(o =>
            (o.Graph, o.Inpainting) = ("fill", new InpaintingOptions { Execution = new ExecutionOptions { Workers = -1 } }))));
        Assert.Contains("Workers", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_service_adds_its_graph_once_and_a_stopped_host_frees_it()
    {
        byte[] scaled = DelayGraph.Model(turns: 3);
        int before = LoadedGraphs.Count;
        using (IHost host = await StartAsync(services => services
            .AddInpainting(o => o.Package = DelayGraph.Package(scaled))
            .AddInpainting(o => o.WarmUp = true)))
        {
            Assert.Single(host.Services.GetServices<IHostedService>(), s => s.GetType().Assembly == typeof(IInpaintingService).Assembly);
            Assert.Single(host.Services.GetServices<IInpaintingService>());
            Assert.Equal(before + 1, LoadedGraphs.Count);
            await host.StopAsync(Stop);
        }

        Assert.Equal(before, LoadedGraphs.Count);
    }

    private static async Task<IHost> StartAsync(Action<IServiceCollection> add, LogLines? log = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        builder.Services.AddHealthChecks().AddCheck<InpaintingHealthCheck>("inpainting");
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        IHost host = builder.Build();
        try
        {
            await host.StartAsync(Stop);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    private static async Task<HealthReportEntry> HealthAsync(IHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop)).Entries["inpainting"];

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
