namespace Inpaint.Web;

/// <summary>An error that a client is told of.</summary>
internal sealed class ServiceException(int status, string code, string message, Exception? inner = null) : Exception(message, inner)
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

    public static ServiceException TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, "too_large", message);

    public static ServiceException Busy(string message) => new(StatusCodes.Status429TooManyRequests, "busy", message) { RetryAfter = 1 };
}
