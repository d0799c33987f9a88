using Inpaint.Holes;
using Inpaint.Web.Api;
using Inpaint.Web.Judging;
using Inpaint.Web.Serving;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;

namespace Inpaint.Web;

/// <summary>The whole service, from its options.</summary>
internal static class InpaintService
{
    /// <summary>Builds it; it does not run yet.</summary>
    /// <exception cref="ServiceException">The options cannot be used.</exception>
    public static WebApplication Build(ServiceOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        var shelf = new GraphShelf(options.Graphs);
        if (options.MaskGraph is { } forMasks && shelf.FolderOf(forMasks) is null)
        {
            options = options with { MaskGraph = null };
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
            WebRootPath = WebRoot(),
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            // Who sends or reads more slowly holds a place that others wait for.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(16 << 10, TimeSpan.FromSeconds(5));
            kestrel.Limits.MinResponseDataRate = new MinDataRate(16 << 10, TimeSpan.FromSeconds(10));
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.Configure<FormOptions>(form =>
        {
            form.MultipartBodyLengthLimit = options.MaxBody;
            form.ValueCountLimit = (2 * options.MaxBatch) + 16;
            form.ValueLengthLimit = 1 << 20;
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi("v1", ApiDocument.Configure);
        builder.Services.AddCors();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Admission>();
        builder.Services.AddSingleton<PixelGate>();
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.AddSingleton(shelf);
        builder.Services.AddSingleton<GraphHost>();
        builder.Services.AddSingleton<Completion>();
        builder.Services.AddSingleton<SampleShelf>();
        builder.Services.AddSingleton<PairBook>();
        builder.Services.AddSingleton<VoteBook>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(ServiceMetrics.MeterName, "Microsoft.AspNetCore.Hosting").AddPrometheusExporter());
        // After the metrics, which count its first load too.
        builder.Services.AddHostedService(services => services.GetRequiredService<GraphHost>());
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        app.Use(SecurityHeaders);
        app.UseMiddleware<Problems>();
        if (options.Cors.Count > 0)
        {
            app.UseCors(cors => cors.WithOrigins([.. options.Cors]).WithMethods("GET", "POST").AllowAnyHeader()
                .WithExposedHeaders("X-Inpaint-Graph", "X-Inpaint-Graph-Sha256", "X-Inpaint-Milliseconds", "X-Inpaint-Hole-Mse"));
        }

        app.UseMiddleware<HostGate>();
        app.UseMiddleware<ApiKeyGate>();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapPrometheusScrapingEndpoint("/metrics");
        string[] looks = ["GET", "HEAD"];
        app.MapMethods("/health/live", looks, () => Results.Text("live\n")).ExcludeFromDescription();
        app.MapMethods("/health/ready", looks, (GraphHost host) => host.IsReady ? Results.Text("ready\n") : Results.Text("not ready\n", statusCode: StatusCodes.Status503ServiceUnavailable)).ExcludeFromDescription();
        RouteGroupBuilder api = app.MapGroup("/api/v1");
        InpaintEndpoints.Map(api);
        GraphEndpoints.Map(api);
        SampleEndpoints.Map(api);
        JudgeEndpoints.Map(api);
        return app;
    }

    private static Task SecurityHeaders(HttpContext context, RequestDelegate next)
    {
        // Also on errors, which clear what was set before.
        context.Response.OnStarting(() =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return Task.CompletedTask;
        });
        return next(context);
    }

    // Beside the program when it is published, in the project when it is run from there.
    private static string WebRoot()
    {
        var places = new List<string> { Path.Combine(AppContext.BaseDirectory, "wwwroot") };
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            places.Add(Path.Combine(folder.FullName, "wwwroot"));
            places.Add(Path.Combine(folder.FullName, "pipelines", "Inpaint.Web", "wwwroot"));
        }

        return places.Find(place => File.Exists(Path.Combine(place, "index.html"))) ?? places[0];
    }
}
