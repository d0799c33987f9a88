using Inpaint.CommandLine;
using Inpaint.Web.Api;
using Inpaint.Web.Judging;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;

namespace Inpaint.Web;

/// <summary>Assembles and runs the service.</summary>
internal static class InpaintService
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Runs the service until it is stopped.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServiceOptions options, CancellationToken cancellation)
    {
        try
        {
            Check(options);
            await using WebApplication app = Build(options);
            app.Services.GetRequiredService<GraphHost>().RequireExists(options.Graph);
            await app.StartAsync(cancellation);
            foreach (string url in app.Urls)
            {
                Console.WriteLine($"Inpaint listens on {url}");
            }

            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception e) when (e is InpaintException or IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return ExitCode.Usage;
        }
    }

    /// <summary>Builds the service without starting it.</summary>
    public static WebApplication Build(ServiceOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        var folders = new GraphFolders(options);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = WebRoot(),
        });
        ConfigureServer(builder, options);
        TimeSpan timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = timeout });
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi("v1", ApiDocument.Configure);
        builder.Services.AddCors();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
            metrics.AddMeter(ServiceMetrics.MeterName, "Microsoft.AspNetCore.Hosting").AddPrometheusExporter());
        builder.Services
            .AddSingleton(options)
            .AddSingleton(folders)
            .AddSingleton<Admission>()
            .AddSingleton<ServiceMetrics>()
            .AddSingleton<ErrorMapper>()
            .AddSingleton<GraphHost>()
            .AddSingleton<InpaintHandler>()
            .AddSingleton<SampleGallery>()
            .AddSingleton<PendingPairs>()
            .AddSingleton<VoteStore>()
            // After the metrics, which count the first load too.
            .AddHostedService(services => services.GetRequiredService<GraphHost>());
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        app.Use(AddSecurityHeaders);
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRequestTimeouts();
        if (options.Cors.Count > 0)
        {
            app.UseCors(cors => cors
                .WithOrigins([.. options.Cors]).WithMethods("GET", "POST").AllowAnyHeader().WithExposedHeaders(InpaintEndpoints.Headers));
        }

        app.UseMiddleware<HostMiddleware>();
        app.UseMiddleware<ApiKeyMiddleware>();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        MapRoutes(app);
        return app;
    }

    private static void Check(ServiceOptions options)
    {
        Setting.Validate(options);
        Array.ForEach(options.Addresses, address => BindingAddress.Parse(address));
        if (options.Samples is { } samples)
        {
            DatasetFormats.Files.Open(samples).Dispose();
        }

        VoteStore.Check(options.Votes);
        if (options.ApiKey?.Any(c => c is < '!' or > '~') == true)
        {
            throw new SettingException("--api-key contains characters that a header cannot carry; expected visible ASCII characters.");
        }
    }

    private static void ConfigureServer(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(options.Addresses);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            // Slower clients would occupy capacity that others wait for.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(16 << 10, TimeSpan.FromSeconds(5));
            kestrel.Limits.MinResponseDataRate = new MinDataRate(16 << 10, TimeSpan.FromSeconds(10));
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<FormOptions>(form =>
        {
            form.MultipartBodyLengthLimit = options.MaxBodyBytes;
            form.ValueCountLimit = (2 * options.MaxBatch) + 16;
            form.ValueLengthLimit = 1 << 20;
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    private static void MapRoutes(WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapMethods("/health/live", GetOrHead, () => Results.Text("live\n")).ExcludeFromDescription();
        app.MapMethods("/health/ready", GetOrHead, (GraphHost host) => host.IsReady
            ? Results.Text("ready\n")
            : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable)).ExcludeFromDescription();
        RouteGroupBuilder api = app.MapGroup("/api/v1");
        InpaintEndpoints.Map(api);
        GraphEndpoints.Map(api);
        SampleEndpoints.Map(api);
        JudgeEndpoints.Map(api);
    }

    private static Task AddSecurityHeaders(HttpContext context, RequestDelegate next)
    {
        // When the response starts, since error responses clear earlier headers.
        context.Response.OnStarting(() =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy =
                "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return Task.CompletedTask;
        });
        return next(context);
    }

    // Beside the published program, or in the project when run from the repository.
    private static string WebRoot()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "pipelines", "Inpaint.Web", "wwwroot");
            if (!Directory.Exists(beside) && Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return beside;
    }
}
