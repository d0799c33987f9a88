namespace Inpaint.Hosting;

/// <summary>Completes photos with one graph. Thread-safe; one instance serves all requests of a program.</summary>
public interface IInpaintingService
{
    /// <summary>Loads the graph and runs it once, unless that has been done.</summary>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The graph's manifest and where it runs.</returns>
    /// <exception cref="InpaintException">The graph is not found, invalid or cannot run here; the next call tries again.</exception>
    Task<InpaintingState> WarmUpAsync(CancellationToken cancellationToken = default);

    /// <summary>Completes one photo.</summary>
    /// <param name="photo">The photo; not changed.</param>
    /// <param name="hole">The hidden pixels; default: the centre half.</param>
    /// <param name="captions">The captions, if any.</param>
    /// <param name="cancellationToken">Cancels the wait for a worker and the run of the graph.</param>
    /// <returns>The completed photo.</returns>
    /// <exception cref="PhotoException">The photo, hole or caption cannot be used.</exception>
    /// <exception cref="GraphException">The graph failed.</exception>
    Task<Photo> CompleteAsync(
        Photo photo, Hole? hole = null, IReadOnlyList<string>? captions = null, CancellationToken cancellationToken = default);

    /// <summary>Completes a row, which may contain the photo and the mask as files, and receives the result.</summary>
    /// <param name="row">The row; not used otherwise until the task has ended.</param>
    /// <param name="cancellationToken">Cancels the wait for a worker and the run of the graph.</param>
    /// <returns>The same row. With <see cref="OnError.Row"/> it may have failed: see <see cref="InpaintingRow.Status"/>.</returns>
    /// <inheritdoc cref="CompleteAsync(Photo, Hole?, IReadOnlyList{string}?, CancellationToken)" path="/exception"/>
    Task<InpaintingRow> CompleteAsync(InpaintingRow row, CancellationToken cancellationToken = default);

    /// <summary>
    /// Completes many rows, several at once. They are read as workers become free, and returned in the order in which they were read, each
    /// as soon as it and those before it are done.
    /// </summary>
    /// <param name="rows">The rows, each another object.</param>
    /// <param name="cancellationToken">Cancels the reading of rows, waits and runs of the graph.</param>
    /// <inheritdoc cref="CompleteAsync(Photo, Hole?, IReadOnlyList{string}?, CancellationToken)" path="/exception"/>
    IAsyncEnumerable<InpaintingRow> CompleteAsync(IAsyncEnumerable<InpaintingRow> rows, CancellationToken cancellationToken = default);
}

/// <summary>A graph that is loaded and has run.</summary>
/// <param name="Manifest">The graph's manifest.</param>
/// <param name="Device">Where it runs.</param>
/// <param name="Warning">Why it does not run where it should; null if it does.</param>
public sealed record InpaintingState(GraphManifest Manifest, GraphDevice Device, string? Warning);
