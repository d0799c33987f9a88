using System.Reflection;
using System.Runtime.Loader;
using TorchSharp;

namespace Inpaint.Export;

/// <summary>An assembly with modules. Its dependencies are loaded from its folder, except TorchSharp, which is this program's.</summary>
internal sealed class ModuleAssembly
{
    private readonly Assembly _assembly;

    private ModuleAssembly(Assembly assembly, IReadOnlyList<Type> modules) => (_assembly, Modules) = (assembly, modules);

    /// <summary>The module types that can be instantiated, by name.</summary>
    public IReadOnlyList<Type> Modules { get; }

    /// <summary>Loads it.</summary>
    /// <exception cref="UsageException">There is no such assembly, or it cannot be loaded.</exception>
    public static ModuleAssembly Load(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full) || !File.Exists(full))
        {
            throw new UsageException(
                $"'{path}' does not exist; expected the .dll that your project builds, such as bin/Release/net10.0/MyNets.dll.");
        }

        try
        {
            Assembly assembly = new Context(full).LoadFromAssemblyPath(full);
            Type[] modules = [.. assembly.GetTypes().Where(IsModule).OrderBy(t => t.FullName, StringComparer.Ordinal)];
            return new ModuleAssembly(assembly, modules);
        }
        catch (BadImageFormatException e)
        {
            throw new UsageException(
                $"'{path}' is not a .NET assembly ({e.Message.TrimEnd('.')}); expected the .dll that your project builds.");
        }
        catch (Exception e) when (e is ReflectionTypeLoadException or FileNotFoundException or FileLoadException)
        {
            string reason = (e as ReflectionTypeLoadException)?.LoaderExceptions.OfType<Exception>().FirstOrDefault()?.Message ?? e.Message;
            throw new UsageException($"The types of '{path}' cannot be loaded: {reason.TrimEnd('.')}. Name the .dll in the folder that "
                + "your project builds into, with its dependencies next to it (a library's packages are copied there by "
                + "<CopyLocalLockFileAssemblies>true</CopyLocalLockFileAssemblies> in its project), built against TorchSharp "
                        + $"{typeof(torch).Assembly.GetName().Version!.ToString(3)}.");
        }
    }

    /// <summary>Makes a module.</summary>
    /// <param name="name">A type by its name or full name, or a static method of a type that gives a module.</param>
    /// <param name="arguments">Values for parameters, as NAME=VALUE.</param>
    /// <exception cref="UsageException">There is no such type, or the arguments do not match its constructor.</exception>
    public torch.nn.Module Create(string name, IReadOnlyList<string> arguments)
    {
        Dictionary<string, string> values = [];
        foreach (string argument in arguments)
        {
            (string key, string value) = NamedValue.Split(argument, "--arg", "width=64");
            values[key] = value;
        }

        if (Find(name) is { } type)
        {
            ConstructorInfo[] constructors = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
            return (torch.nn.Module)ModuleMaking.Invoke(type.Name, constructors, values, (chosen, given) =>
                ((ConstructorInfo)chosen).Invoke(given));
        }

        if (_assembly.GetTypes()
            .FirstOrDefault(t => typeof(torch.nn.Module).IsAssignableFrom(t)
            && (t.Name == name || t.FullName == name || t.Name.StartsWith(name + "`", StringComparison.Ordinal))) is { } rejected)
        {
            throw new UsageException($"'{name}' is {(rejected.IsAbstract ? "abstract" : "generic")} and cannot be instantiated; name "
                + $"one of the module types: {Names()}.");
        }

        int dot = name.LastIndexOf('.');
        MethodInfo[] factories = dot < 0 ? [] : [.. _assembly.GetTypes()
            .Where(t => t.FullName == name[..dot] || t.Name == name[..dot])
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(m => m.Name == name[(dot + 1)..] && typeof(torch.nn.Module).IsAssignableFrom(m.ReturnType)
            && !m.ContainsGenericParameters)];
        return factories.Length > 0
            ? (torch.nn.Module)ModuleMaking.Invoke(name, factories, values, (chosen, given) => ((MethodInfo)chosen).Invoke(null, given)!)
            : throw new UsageException(StrictJson.Nearest(name, Modules.SelectMany(m => new[] { m.Name, m.FullName! })) is { } nearest
                ? $"There is no module '{name}' in {_assembly.GetName().Name}; did you mean '{nearest}'?"
                : $"There is no module '{name}' in {_assembly.GetName().Name}; available: {Names()}.");
    }

    /// <summary>The modules' names, for messages.</summary>
    public string Names() => Modules.Count == 0 ? "none"
        : string.Join(", ", Modules.Take(12).Select(m => m.FullName![((m.Namespace?.Length + 1) ?? 0)..].Replace('+', '.')))
            + (Modules.Count > 12 ? ", ..." : "");

    private Type? Find(string name)
    {
        Type[] found = [.. Modules.Where(m => m.FullName == name || m.FullName?.Replace('+', '.') == name)];
        found = found.Length > 0 ? found
            : [.. Modules.Where(m => m.Name == name
                || m.FullName!.Replace('+', '.').EndsWith('.' + name.Replace('+', '.'), StringComparison.Ordinal))];
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new UsageException($"The name '{name}' is ambiguous: "
                + $"{string.Join(", ", found.Select(f => f.FullName!.Replace('+', '.')))}. Give the full name.");
    }

    private static bool IsModule(Type type) => typeof(torch.nn.Module).IsAssignableFrom(type)
        && type is { IsAbstract: false, ContainsGenericParameters: false } && type.Name[0] != '<';

    private sealed class Context(string path) : AssemblyLoadContext("modules")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
        {
            // Modules must derive from the TorchSharp that exports them.
            if (name.Name == typeof(torch).Assembly.GetName().Name)
            {
                return typeof(torch).Assembly;
            }

            return _resolver.ResolveAssemblyToPath(name) is { } found ? LoadFromAssemblyPath(found) : null;
        }
    }
}
