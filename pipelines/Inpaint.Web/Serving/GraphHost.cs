using System.Collections.Concurrent;
using Inpaint.Graphs;
using Inpaint.Json;
using Inpaint.Onnx.Format;
using Inpaint.Onnx.Runtime;
using Inpaint.Photos;

namespace Inpaint.Web.Serving;

/// <summary>What is known of a graph's loading.</summary>
internal sealed class GraphState
{
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>The one that serves; null until it was asked for, or when it never loaded.</summary>
    public ServedGraph? Current { get; set; }

    /// <summary>Why the files on disk were refused last; null when they were not.</summary>
    public string? Refused { get; set; }

    /// <summary>The manifest that was looked at last.</summary>
    public Stamp? Seen { get; set; }

    /// <summary>Whether its files were gone when they were looked for last.</summary>
    public bool Missing { get; set; }
}

/// <summary>The graphs that serve. A graph is loaded when it is first asked for, and replaced when its files are, between two photos.</summary>
internal sealed partial class GraphHost(GraphShelf shelf, ServiceOptions options, ServiceMetrics metrics, ILogger<GraphHost> log) : BackgroundService
{
    private readonly ConcurrentDictionary<string, GraphState> _states = new(StringComparer.Ordinal);

    /// <summary>Whether the default graph has passed its trial.</summary>
    public bool IsReady => StateOf(options.Graph)?.Current is not null;

    public IReadOnlyList<string> Names => shelf.Names();

    public GraphState? StateOf(string name) => _states.GetValueOrDefault(name);

    /// <summary>A graph that serves, loaded now if need be.</summary>
    /// <exception cref="ServiceException">There is none of that name, or its files are refused.</exception>
    public async Task<ServedGraph> GetAsync(string name, CancellationToken cancellation)
    {
        if (_states.TryGetValue(name, out GraphState? known) && known.Current is { } current)
        {
            return current;
        }

        if (shelf.FolderOf(name) is null)
        {
            IReadOnlyList<string> names = Names;
            string? nearest = StrictJson.Nearest(name, names);
            throw ServiceException.UnknownGraph($"There is no graph '{Shorten(name)}'. {(nearest is null ? $"There are: {string.Join(", ", names)}." : $"Did you mean '{nearest}'?")}");
        }

        GraphState state = _states.GetOrAdd(name, _ => new GraphState());
        await state.Gate.WaitAsync(cancellation);
        try
        {
            // Files that were refused are not tried again before they change.
            if (state is { Current: null, Refused: not null } && state.Seen == shelf.StampOf(name))
            {
                throw ServiceException.GraphRefused($"The graph '{name}' cannot be used: {state.Refused}");
            }

            return state.Current ?? Load(name, state) ?? throw ServiceException.GraphRefused($"The graph '{name}' cannot be used: {state.Refused}");
        }
        finally
        {
            state.Gate.Release();
        }
    }

    /// <summary>Takes what is on disk now in the place of what serves. What is refused changes nothing.</summary>
    /// <exception cref="ServiceException">There is none of that name, or its files are refused; the old one goes on.</exception>
    public async Task<ServedGraph> ReloadAsync(string name, CancellationToken cancellation)
    {
        if (shelf.FolderOf(name) is null)
        {
            throw ServiceException.UnknownGraph($"There is no graph '{Shorten(name)}'. There are: {string.Join(", ", Names)}.");
        }

        GraphState state = _states.GetOrAdd(name, _ => new GraphState());
        await state.Gate.WaitAsync(cancellation);
        try
        {
            return Load(name, state) ?? throw ServiceException.GraphRefused($"The files of '{name}' are refused{(state.Current is null ? "" : ", and the graph that was loaded goes on")}: {state.Refused}");
        }
        finally
        {
            state.Gate.Release();
        }
    }

    public override void Dispose()
    {
        foreach (GraphState state in _states.Values)
        {
            state.Current?.Retire();
        }

        Task.WaitAll([.. _states.Values.Select(s => s.Current?.Ended ?? Task.CompletedTask)], TimeSpan.FromSeconds(10));
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        metrics.Watch(() => _states.Select(s => (s.Key, s.Value.Current?.Waiting ?? 0)));
        await PrepareDefault(stoppingToken);
        using var timer = new PeriodicTimer(options.Watch);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach ((string name, GraphState state) in _states)
            {
                await Look(name, state, stoppingToken);
            }
        }
    }

    private async Task PrepareDefault(CancellationToken cancellation)
    {
        try
        {
            await GetAsync(options.Graph, cancellation);
        }
        catch (ServiceException e)
        {
            LogRefused(options.Graph, e.Message);
        }
    }

    // Whatever happens to one graph, the others are looked after.
    private async Task Look(string name, GraphState state, CancellationToken cancellation)
    {
        try
        {
            Stamp? stamp = shelf.StampOf(name);
            if (stamp is null && state is { Missing: true, Current: not null })
            {
                await Remove(name, state, cancellation);
            }

            // Gone twice in a row: a folder that is being replaced is there again the next time.
            state.Missing = stamp is null;
            if (stamp is not null && stamp != state.Seen)
            {
                await ReloadAsync(name, cancellation);
            }
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

    private async Task Remove(string name, GraphState state, CancellationToken cancellation)
    {
        await state.Gate.WaitAsync(cancellation);
        try
        {
            state.Current?.Retire();
            (state.Current, state.Seen, state.Refused) = (null, null, null);
            metrics.Reload(name, "removed");
            LogRefused(name, "its files are gone, and it serves no more.");
        }
        finally
        {
            state.Gate.Release();
        }
    }

    // Under the state's gate.
    private ServedGraph? Load(string name, GraphState state)
    {
        state.Seen = shelf.StampOf(name);
        try
        {
            var next = new ServedGraph(name, shelf.Read(name), options, metrics);
            ServedGraph? old = state.Current;
            state.Current = next;
            state.Refused = null;
            old?.Retire();
            metrics.Reload(name, "loaded");
            LogLoaded(name, next.Sha256);
            return next;
        }
        catch (Exception e)
        {
            // A file of graphs may be wrong in any way, and whatever reads it may fail in any: what serves goes on serving.
            state.Refused = e is GraphException or ManifestException or PhotoException or OnnxFormatException ? e.Message : $"its files cannot be used ({e.GetType().Name}).";
            metrics.Reload(name, "refused");
            LogFailed(e, name);
            return null;
        }
    }

    private static string Shorten(string name) => name.Length <= 60 ? name : name[..60] + "...";

    [LoggerMessage(Level = LogLevel.Information, Message = "Graph {Name} serves, sha256 {Sha256}.")]
    private partial void LogLoaded(string name, string sha256);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Graph {Name} was not taken into use.")]
    private partial void LogFailed(Exception e, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Graph {Name}: {Reason}")]
    private partial void LogRefused(string name, string reason);
}
