using System.Collections.Concurrent;

namespace Inpaint.Web.Serving;

/// <summary>The state of a graph that was requested.</summary>
internal sealed class GraphState
{
    /// <summary>Held while the graph is loaded or removed.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>The loaded graph; null when it could not be loaded.</summary>
    public ServedGraph? Current { get; set; }

    /// <summary>Why the files on disk were last refused; null when they were not.</summary>
    public string? Refused { get; set; }

    /// <summary>The stamp of the manifest that was last read.</summary>
    public string? Seen { get; set; }

    /// <summary>Whether the files were missing at the last check.</summary>
    public bool IsMissing { get; set; }
}

/// <summary>The loaded graphs. A graph is loaded on first use, and replaced between two photos when its files change.</summary>
internal sealed partial class GraphHost(GraphFolders folders, ServiceOptions options, ServiceMetrics metrics, ILogger<GraphHost> log)
    : BackgroundService
{
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, GraphState> _states = new(StringComparer.Ordinal);

    /// <summary>Whether the default graph is loaded.</summary>
    public bool IsReady => StateOf(options.Graph)?.Current is not null;

    public IReadOnlyList<string> Names => folders.Names();

    public GraphState? StateOf(string name) => _states.GetValueOrDefault(name);

    /// <summary>A graph, loaded if necessary.</summary>
    /// <exception cref="ServiceException">There is no graph of that name, or its files are rejected.</exception>
    public async Task<ServedGraph> GetAsync(string name, CancellationToken cancellation)
    {
        if (StateOf(name)?.Current is { } current)
        {
            return current;
        }

        RequireExists(name);
        return await LockedAsync(name, GetOrLoad, cancellation);

        ServedGraph GetOrLoad(GraphState state)
        {
            // Rejected files are not tried again before they change.
            bool isRefused = state is { Current: null, Refused: not null } && state.Seen == folders.StampOf(name);
            return (isRefused ? null : state.Current ?? Load(name, state))
                ?? throw new ServiceException(ErrorKind.GraphRefused, $"The graph '{name}' cannot be used: {state.Refused}");
        }
    }

    /// <summary>Replaces a graph with the files on disk. Rejected files change nothing.</summary>
    /// <exception cref="ServiceException">There is no such graph, or its files are rejected; a loaded graph stays in use.</exception>
    public async Task<ServedGraph> ReloadAsync(string name, CancellationToken cancellation)
    {
        RequireExists(name);
        return await LockedAsync(name, Reload, cancellation);

        ServedGraph Reload(GraphState state) => Load(name, state) ?? throw new ServiceException(
            ErrorKind.GraphRefused,
            $"The files of '{name}' are rejected{(state.Current is null ? "" : "; the loaded graph stays in use")}: {state.Refused}");
    }

    /// <summary>Rejects names of graphs that do not exist.</summary>
    /// <exception cref="ServiceException">There is no graph of that name; the message suggests one.</exception>
    public void RequireExists(string name)
    {
        if (folders.FolderOf(name) is null)
        {
            IReadOnlyList<string> names = Names;
            string shown = name.Length <= 60 ? name : name[..60] + "...";
            string remedy = StrictJson.Nearest(name, names) is { } nearest ? $"Did you mean '{nearest}'?"
                : names.Count > 0 ? $"Available: {string.Join(", ", names)}." : "No graph is available.";
            throw new ServiceException(ErrorKind.UnknownGraph, $"There is no graph '{shown}'. {remedy}");
        }
    }

    public override void Dispose()
    {
        foreach (GraphState state in _states.Values)
        {
            state.Current?.Retire();
        }

        Task.WaitAll([.. _states.Values.Select(s => s.Current?.Ended ?? Task.CompletedTask)], ShutdownTime);
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        metrics.ObserveWaiting(() => _states.Select(s => (s.Key, s.Value.Current?.Waiting ?? 0)));
        await TryAsync(options.Graph, () => GetAsync(options.Graph, stoppingToken));
        using var timer = new PeriodicTimer(options.Watch);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach ((string name, GraphState state) in _states)
            {
                await TryAsync(name, () => CheckFilesAsync(name, state, stoppingToken));
            }
        }
    }

    // An error of one graph must not stop the others.
    private async Task TryAsync(string name, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (ServiceException e)
        {
            LogRefused(name, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, name);
        }
    }

    private async Task CheckFilesAsync(string name, GraphState state, CancellationToken cancellation)
    {
        string? stamp = folders.StampOf(name);
        bool wasMissing = state.IsMissing;
        state.IsMissing = stamp is null;
        if (stamp is not null && stamp != state.Seen)
        {
            await ReloadAsync(name, cancellation);
        }
        else if (stamp is null && wasMissing && state.Current is not null)
        {
            // Missing twice in a row: a folder that is being replaced is there at the second check.
            await LockedAsync(name, Remove, cancellation);
            metrics.Reload(name, "removed");
            LogRefused(name, "its files were deleted; it is no longer served.");
        }

        static bool Remove(GraphState state)
        {
            state.Current?.Retire();
            (state.Current, state.Seen, state.Refused) = (null, null, null);
            return true;
        }
    }

    private async Task<T> LockedAsync<T>(string name, Func<GraphState, T> action, CancellationToken cancellation)
    {
        GraphState state = _states.GetOrAdd(name, _ => new GraphState());
        await state.Gate.WaitAsync(cancellation);
        try
        {
            return action(state);
        }
        finally
        {
            state.Gate.Release();
        }
    }

    private ServedGraph? Load(string name, GraphState state)
    {
        state.Seen = folders.StampOf(name);
        try
        {
            var next = new ServedGraph(name, folders.Load(name), options, metrics);
            state.Current?.Retire();
            (state.Current, state.Refused) = (next, null);
            metrics.Reload(name, "loaded");
            LogLoaded(name, next.Manifest.Graph.Sha256);
            return next;
        }
        catch (Exception e)
        {
            // Damaged files may fail in any way; the loaded graph stays in use.
            state.Refused = e is InpaintException ? e.Message : $"its files cannot be used ({e.GetType().Name}).";
            metrics.Reload(name, "refused");
            LogFailed(e, name);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Graph {Name} is loaded, sha256 {Sha256}.")]
    private partial void LogLoaded(string name, string sha256);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Graph {Name} was not loaded.")]
    private partial void LogFailed(Exception e, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Graph {Name}: {Reason}")]
    private partial void LogRefused(string name, string reason);
}
