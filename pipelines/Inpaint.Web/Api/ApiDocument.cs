using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Inpaint.Web.Api;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDocument
{
    /// <summary>The names of the operations that take a form.</summary>
    public const string Inpaint = "inpaint", InpaintBatch = "inpaint_batch";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Inpaint",
                Version = "1",
                Description = "Completes photos in which the center, or any other part, is hidden. "
                    + "Errors are application/problem+json with a message in detail and a machine-readable code.",
            };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (IOpenApiResponse response in operation.Responses?.Values ?? Enumerable.Empty<IOpenApiResponse>())
            {
                if (response.Content?.TryGetValue("image/png", out OpenApiMediaType? image) == true)
                {
                    image.Schema = File();
                }
            }

            if (operation is { OperationId: Inpaint or InpaintBatch, RequestBody.Content: { } content })
            {
                content[RequestBody.Form].Schema = InpaintForm.Schema(isBatch: operation.OperationId == InpaintBatch);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Documents the error statuses of a route.</summary>
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder route, params int[] statuses) =>
        statuses.Aggregate(route, (builder, status) => builder.ProducesProblem(status));

    public static OpenApiSchema File() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
