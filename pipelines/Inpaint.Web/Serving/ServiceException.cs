
using Inpaint.Onnx.Inpainting;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.Web.Serving;

/// <summary>An error that a client is told of.</summary>
internal sealed class ServiceException(int status, string code, string message, Exception? inner = null) : InpaintException(message, inner)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>A word for programs.</summary>
    public string Code { get; } = code;

    /// <summary>Seconds after which another try may succeed; null when none will.</summary>
    public int? RetryAfter { get; init; }

    public static ServiceException BadRequest(string message, string code = "bad_request") => new(StatusCodes.Status400BadRequest, code, message);

    public static ServiceException UnknownGraph(string message) => new(StatusCodes.Status404NotFound, "unknown_graph", message);

    public static ServiceException GraphRefused(string message) => new(StatusCodes.Status409Conflict, "graph_refused", message);

    public static ServiceException Unusable(InpaintingStatus status, string message, Exception? inner) => new(StatusCodes.Status422UnprocessableEntity, status.ToWord(), message, inner);

    public static ServiceException TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, "too_large", message);

    public static ServiceException Busy(string message) => new(StatusCodes.Status429TooManyRequests, "busy", message) { RetryAfter = 1 };
}

/// <summary>What went wrong with a row, as clients are told.</summary>
internal static class RowErrors
{
    /// <exception cref="ServiceException">Photo, mask, caption or graph could not be used.</exception>
    public static void ThrowAsService(this InpaintingRow row)
    {
        if (row.Status == InpaintingStatus.Ok)
        {
            return;
        }

        throw row.Status != InpaintingStatus.GraphFailed ? ServiceException.Unusable(row.Status, row.Error!, row.Exception)
            : row.Exception is GraphException { PastDeadline: true } ? new ServiceException(StatusCodes.Status504GatewayTimeout, "timeout", row.Error!, row.Exception)
            : new ServiceException(StatusCodes.Status500InternalServerError, row.Status.ToWord(), row.Error!, row.Exception);
    }
}
