using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Inpaint.Web.Api;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDocument
{
    /// <summary>The names of the operations that complete photos.</summary>
    public const string Inpaint = "inpaint", InpaintBatch = "inpaint_batch";

    /// <summary>The media types of completed photos.</summary>
    public static readonly string[] ImageTypes = ["image/png", "image/jpeg", "image/webp"];

    private static readonly Dictionary<string, string> Descriptions = new()
    {
        ["image"] = "The photo: JPEG, PNG, WebP, GIF or BMP. Base64 in JSON.",
        ["mask"] = "An image of the photo's size, white where it is hidden. Base64 in JSON.",
        ["caption"] = "What the photo shows.",
        ["hole"] = "The hidden rectangle in pixels, instead of a mask; x,y,width,height in a form. Default: the center half.",
    };

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
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(InpaintRequest) && schema.Properties is { } properties)
            {
                foreach (Setting setting in RequestSettings.All)
                {
                    properties[setting.Key] = SettingSchema(setting);
                }

                foreach ((string field, string description) in Descriptions)
                {
                    properties[field].Description = description;
                }

                schema.Required = new HashSet<string> { InpaintForm.FieldNames[0] };
                schema.AdditionalPropertiesAllowed = false;
                schema.AdditionalProperties = null;
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (IOpenApiResponse response in operation.Responses!.Values)
            {
                foreach (string type in ImageTypes.Where(type => response.Content?.ContainsKey(type) == true))
                {
                    response.Content![type].Schema = File();
                }
            }

            if (operation is { OperationId: Inpaint or InpaintBatch, RequestBody.Content: { } content })
            {
                content[RequestBody.Form].Schema = FormSchema(isBatch: operation.OperationId == InpaintBatch);
            }

            return Task.CompletedTask;
        });
    }

    /// <summary>Documents the error statuses of a route.</summary>
    public static RouteHandlerBuilder WithProblems(this RouteHandlerBuilder route, params int[] statuses) =>
        statuses.Aggregate(route, (builder, status) => builder.ProducesProblem(status));

    private static OpenApiSchema FormSchema(bool isBatch) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { InpaintForm.FieldNames[0] },
        Properties = InpaintForm.FieldNames.ToDictionary(field => field, IOpenApiSchema (field) =>
        {
            OpenApiSchema schema = FieldSchema(field);
            bool isArray = isBatch && InpaintForm.PerPhoto.Contains(field);
            return isArray ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema;
        }),
    };

    private static OpenApiSchema FieldSchema(string field)
    {
        if (RequestSettings.All.FirstOrDefault(s => s.Key == field) is { } setting)
        {
            return SettingSchema(setting);
        }

        OpenApiSchema schema = InpaintForm.Files.Contains(field) ? File() : new OpenApiSchema { Type = JsonSchemaType.String };
        schema.Description = Descriptions[field];
        return schema;
    }

    private static OpenApiSchema SettingSchema(Setting setting) => new()
    {
        Type = setting.Type == typeof(bool) ? JsonSchemaType.Boolean
            : setting.Type == typeof(int) || setting.Type == typeof(long) ? JsonSchemaType.Integer
            : setting.Type == typeof(double) ? JsonSchemaType.Number
            : JsonSchemaType.String,
        Description = setting.Description,
        Default = setting.Get(new RequestSettings()) is { } value ? Json(value) : null,
        Minimum = setting.Min?.ToString(CultureInfo.InvariantCulture),
        Maximum = setting.Max?.ToString(CultureInfo.InvariantCulture),
        Enum = setting.Values.Count > 0 ? [.. setting.Values.Select(Json)] : null,
    };

    private static JsonNode Json(object value) => JsonSerializer.SerializeToNode(value, StrictJson.Options)!;

    private static OpenApiSchema File() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
