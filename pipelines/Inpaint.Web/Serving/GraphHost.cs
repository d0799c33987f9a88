using System.Collections.Concurrent;
using Inpaint.Onnx;

namespace Inpaint.Web;

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
        await PrepareDefault(stoppingToken);
        using var timer = new PeriodicTimer(options.Watch);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach ((string name, GraphState state) in _states)
            {
                if (shelf.StampOf(name) is { } stamp && stamp != state.Seen)
                {
                    await TryReload(name, stoppingToken);
                }
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

    private async Task TryReload(string name, CancellationToken cancellation)
    {
        try
        {
            await ReloadAsync(name, cancellation);
        }
        catch (ServiceException e)
        {
            LogRefused(name, e.Message);
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
        catch (Exception e) when (e is GraphException or ManifestException or PhotoException)
        {
            state.Refused = e.Message;
            metrics.Reload(name, "refused");
            return null;
        }
    }

    private static string Shorten(string name) => name.Length <= 60 ? name : name[..60] + "...";

    [LoggerMessage(Level = LogLevel.Information, Message = "Graph {Name} serves, sha256 {Sha256}.")]
    private partial void LogLoaded(string name, string sha256);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Graph {Name}: {Reason}")]
    private partial void LogRefused(string name, string reason);
}
