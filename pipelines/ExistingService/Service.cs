using Inpaint.Hosting;
using Inpaint.Onnx.Inpainting;
using Inpaint.Photos;

namespace ExistingService;

/// <summary>An ordinary ASP.NET service that completes the photos of its users.</summary>
internal static class Service
{
    public static WebApplication Create(params string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        #region service
        builder.Services.AddInpainting(o =>
        {
            o.Graph = builder.Configuration["Graph"] ?? "fill";
            o.Inpainting = new InpaintingOptions { Output = new OutputOptions { Format = PhotoFormat.Png } };
        });
        builder.Services.AddHealthChecks().AddCheck<InpaintingHealthCheck>("inpainting");
        WebApplication app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapPost("/complete", CompleteAsync).DisableAntiforgery();
        #endregion
        return app;
    }

    private static async Task<IResult> CompleteAsync(
        IFormFile photo, IFormFile? mask, IInpaintingService inpainting, CancellationToken cancellation)
    {
        var row = new InpaintingRow { Name = photo.FileName, Bytes = await ReadAsync(photo), MaskBytes = await ReadAsync(mask) };
        try
        {
            return Results.Bytes((await inpainting.CompleteAsync(row, cancellation)).Encoded!, "image/png");
        }
        catch (PhotoException e)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<byte[]> ReadAsync(IFormFile? file)
    {
        using var bytes = new MemoryStream();
        await (file?.CopyToAsync(bytes) ?? Task.CompletedTask);
        return bytes.ToArray();
    }
}
