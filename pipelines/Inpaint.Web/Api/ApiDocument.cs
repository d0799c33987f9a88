using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Inpaint.Web.Api;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDocument
{
    private static readonly string[] Files = ["image", "mask"];

    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "Inpaint",
            Version = "1",
            Description = "Completes photographs whose centre, or any part, is hidden. Errors are application/problem+json with a sentence in detail and a word in code.",
        };
        document.Servers = [];
        foreach (OpenApiOperation operation in document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            Describe(operation);
        }

        return Task.CompletedTask;
    });

    // A picture is a file, in answers and in forms.
    private static void Describe(OpenApiOperation operation)
    {
        foreach (IOpenApiResponse response in operation.Responses?.Values ?? Enumerable.Empty<IOpenApiResponse>())
        {
            if (response.Content?.TryGetValue("image/png", out OpenApiMediaType? media) == true)
            {
                media.Schema = File();
            }
        }

        if (operation.OperationId == "inpaint" && operation.RequestBody?.Content?["multipart/form-data"] is { } form)
        {
            form.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "image" },
                Properties = new[] { "image", "mask", "caption", "graph", "feather", "hole", "truth" }
                    .ToDictionary(name => name, name => (IOpenApiSchema)(Files.Contains(name) ? File() : new OpenApiSchema { Type = JsonSchemaType.String })),
            };
        }

        if (operation.OperationId == "inpaint_batch" && operation.RequestBody?.Content?["multipart/form-data"] is { } several)
        {
            several.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "image" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["image"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = File() },
                    ["caption"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                    ["graph"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["feather"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["truth"] = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            };
        }
    }

    private static OpenApiSchema File() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
