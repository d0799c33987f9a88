namespace Inpaint.Web.Serving;

/// <summary>A kind of error: its HTTP status and its code. Errors of photos have the codes of <see cref="InpaintingStatus"/>.</summary>
internal sealed record ErrorKind(int Status, string Code)
{
    public static readonly ErrorKind BadRequest = new(StatusCodes.Status400BadRequest, "bad_request");
    public static readonly ErrorKind Unauthorized = new(StatusCodes.Status401Unauthorized, "unauthorized");
    public static readonly ErrorKind ForeignOrigin = new(StatusCodes.Status403Forbidden, "foreign_origin");
    public static readonly ErrorKind NotFound = new(StatusCodes.Status404NotFound, "not_found");
    public static readonly ErrorKind UnknownGraph = new(StatusCodes.Status404NotFound, "unknown_graph");
    public static readonly ErrorKind NoCard = new(StatusCodes.Status404NotFound, "no_card");
    public static readonly ErrorKind NoSheet = new(StatusCodes.Status404NotFound, "no_sheet");
    public static readonly ErrorKind UnknownSample = new(StatusCodes.Status404NotFound, "unknown_sample");
    public static readonly ErrorKind UnknownPair = new(StatusCodes.Status404NotFound, "unknown_pair");
    public static readonly ErrorKind MethodNotAllowed = new(StatusCodes.Status405MethodNotAllowed, "method_not_allowed");
    public static readonly ErrorKind SlowRequest = new(StatusCodes.Status408RequestTimeout, "slow_request");
    public static readonly ErrorKind GraphRefused = new(StatusCodes.Status409Conflict, "graph_refused");
    public static readonly ErrorKind TooLarge = new(StatusCodes.Status413PayloadTooLarge, "too_large");
    public static readonly ErrorKind UnsupportedMediaType = new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type");
    public static readonly ErrorKind UnknownHost = new(StatusCodes.Status421MisdirectedRequest, "unknown_host");
    public static readonly ErrorKind Busy = new(StatusCodes.Status429TooManyRequests, "busy");
    public static readonly ErrorKind ClientGone = new(StatusCodes.Status499ClientClosedRequest, "client_gone");
    public static readonly ErrorKind Internal = new(StatusCodes.Status500InternalServerError, "internal");
    public static readonly ErrorKind VoteNotSaved = new(StatusCodes.Status500InternalServerError, "vote_not_saved");
    public static readonly ErrorKind VotesUnreadable = new(StatusCodes.Status500InternalServerError, "votes");
    public static readonly ErrorKind Timeout = new(StatusCodes.Status504GatewayTimeout, "timeout");

    /// <summary>A field that is malformed whatever the photo contains.</summary>
    public static ErrorKind Malformed(InpaintingStatus status) => new(StatusCodes.Status400BadRequest, status.ToWord());

    /// <summary>A photo that could not be completed: unusable content, or a failure of the graph.</summary>
    public static ErrorKind NotCompleted(InpaintingStatus status) => new(
        status == InpaintingStatus.GraphFailed ? StatusCodes.Status500InternalServerError : StatusCodes.Status422UnprocessableEntity,
        status.ToWord());
}

/// <summary>An error that is reported to the client.</summary>
internal sealed class ServiceException(ErrorKind kind, string message, Exception? inner = null) : InpaintException(message, inner)
{
    public ErrorKind Kind { get; } = kind;
}
