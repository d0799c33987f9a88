using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Inpaint.Hosting;

/// <summary>
/// Whether all graphs of <c>AddInpainting</c> are loaded and run, loading those that are not: unhealthy if one cannot, degraded if one
/// runs on another device than the options say. Added by
/// <c>services.AddHealthChecks().AddCheck&lt;InpaintingHealthCheck&gt;("inpainting")</c>.
/// </summary>
public sealed class InpaintingHealthCheck : IHealthCheck
{
    private readonly IInpaintingService[] _graphs;
    private readonly string[] _names;

    /// <summary>A check of all registered graphs; made by the container.</summary>
    /// <param name="services">The container.</param>
    public InpaintingHealthCheck(IServiceProvider services)
    {
        InpaintingName[] names = [.. services.GetServices<InpaintingName>()];
        _names = [.. names.Select(n => n.Name.Length == 0 ? "default" : n.Name)];
        _graphs = [.. names.Select(n => n.In(services))];
    }

    /// <summary>Checks the graphs. The data names the graph and device of each service.</summary>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object>();
        var warnings = new List<string>();
        for (int i = 0; i < _graphs.Length; i++)
        {
            try
            {
                InpaintingState state = await _graphs[i].WarmUpAsync(cancellationToken).ConfigureAwait(false);
                data[_names[i]] = $"{state.Manifest.Name} on {state.Device}";
                if (state.Warning is not null)
                {
                    warnings.Add($"{_names[i]}: {state.Warning}");
                }
            }
            catch (InpaintException e)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, $"{_names[i]}: {e.Message}", e, data);
            }
        }

        return warnings.Count == 0
            ? HealthCheckResult.Healthy($"{_graphs.Length} graphs are ready.", data)
            : HealthCheckResult.Degraded(string.Join(' ', warnings), data: data);
    }
}
