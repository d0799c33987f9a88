using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Inpaint.Hosting;

/// <summary>The name of a registered service; empty for that without a name.</summary>
internal sealed record InpaintingName(string Name)
{
    public IInpaintingService In(IServiceProvider services) => Name.Length == 0
        ? services.GetRequiredService<IInpaintingService>()
        : services.GetRequiredKeyedService<IInpaintingService>(Name);
}

/// <summary>Warms the graphs up before the host has started.</summary>
internal sealed class InpaintingWarmUp(
    IEnumerable<InpaintingName> names, IServiceProvider services, IOptionsMonitor<InpaintingServiceOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(
        names.Where(n => options.Get(n.Name).WarmUp).Select(n => n.In(services).WarmUpAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
