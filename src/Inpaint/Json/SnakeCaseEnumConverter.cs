using System.Text.Json;
using System.Text.Json.Serialization;

namespace Inpaint.Json;

/// <summary>The values of an enumeration in JSON: snake_case names, as in <see cref="StrictJson.Options"/>.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class SnakeCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
