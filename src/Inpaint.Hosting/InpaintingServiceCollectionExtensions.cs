using Inpaint.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds photo completion to a program's services.</summary>
public static class InpaintingServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IInpaintingService"/> as a singleton.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">
    /// Names the graph and sets options. Configuration is bound by <c>services.Configure&lt;InpaintingServiceOptions&gt;(section)</c>.
    /// </param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddInpainting(this IServiceCollection services, Action<InpaintingServiceOptions> configure) =>
        Add(services, Options.Options.DefaultName, configure);

    /// <summary>
    /// Adds an <see cref="IInpaintingService"/> as a singleton with a key: <c>[FromKeyedServices("portraits")] IInpaintingService</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key, also the name of its options.</param>
    /// <param name="configure">Names the graph and sets options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddInpainting(
        this IServiceCollection services, string name, Action<InpaintingServiceOptions> configure)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, name, configure);
    }

    private static IServiceCollection Add(IServiceCollection services, string name, Action<InpaintingServiceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<InpaintingServiceOptions>(name).Configure(configure);
        if (services.Any(s => s.ImplementationInstance is InpaintingName known && known.Name == name))
        {
            return services;
        }

        services.AddSingleton(new InpaintingName(name));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, InpaintingWarmUp>());
        return name.Length == 0
            ? services.AddSingleton<IInpaintingService>(provider => Create(provider, name))
            : services.AddKeyedSingleton<IInpaintingService>(name, (provider, _) => Create(provider, name));
    }

    private static InpaintingService Create(IServiceProvider provider, string name) => new(
        name,
        provider.GetRequiredService<IOptionsMonitor<InpaintingServiceOptions>>().Get(name),
        provider.GetService<ILogger<InpaintingService>>() ?? NullLogger<InpaintingService>.Instance);
}
