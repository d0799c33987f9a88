using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// The tensors that a module reaches through its fields, registered or not: caches, results that it keeps, and the weights of
/// modules in its lists.
/// </summary>
internal static class HeldTensors
{
    /// <summary>Each tensor once, with the path to it, such as <c>layers[0].weight</c>.</summary>
    public static IReadOnlyDictionary<Tensor, string> Of(nn.Module module)
    {
        var found = new Dictionary<Tensor, string>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<(object? Value, string Path)>();
        open.Push((module, ""));
        while (open.TryPop(out (object? Value, string Path) next))
        {
            switch (next.Value)
            {
                case Tensor { IsInvalid: false } tensor:
                    found.TryAdd(tensor, next.Path);
                    break;
                case ITuple tuple:
                    for (int i = 0; i < tuple.Length; i++)
                    {
                        open.Push((tuple[i], $"{next.Path}[{i}]"));
                    }

                    break;
                case { } value when seen.Add(value):
                    foreach ((object? Value, string Path) inner in Inside(value, next.Path))
                    {
                        open.Push(inner);
                    }

                    break;
            }
        }

        return found;
    }

    private static IEnumerable<(object? Value, string Path)> Inside(object value, string path)
    {
        Type type = value.GetType();
        switch (value)
        {
            case nn.Module module:
                // Modules that are registered need not be in a field.
                return Fields(value, path).Concat(module.named_children().Select(c => ((object?)c.module, Joined(path, c.name))));
            case Delegate function:
                // What a lambda has captured.
                return function.Target?.GetType().IsDefined(typeof(CompilerGeneratedAttribute)) == true
                    ? Fields(function.Target, path) : [];
            case IDictionary pairs:
                return pairs.Values.Cast<object?>().Zip(pairs.Keys.Cast<object>(), (v, k) => (v, $"{path}[{k}]"));
            case IList list when MayHold(type.IsArray ? type.GetElementType()! : type.GenericTypeArguments.FirstOrDefault(typeof(object))):
                return list.Cast<object?>().Select((v, i) => (v, $"{path}[{i}]"));
            default:
                bool lazy = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Lazy<>);
                return lazy || MayHold(type) ? Fields(value, path) : [];
        }
    }

    /// <summary>Whether it is a type of the program, or may be one at run time; numbers, strings and the like contain no tensors.</summary>
    private static bool MayHold(Type type) => !type.IsPointer && !type.IsPrimitive && (type == typeof(object) || type == typeof(Tensor)
        || typeof(nn.Module).IsAssignableFrom(type) || type.IsArray
        || type.Namespace is not { } space
        || (space != "System" && !space.StartsWith("System.", StringComparison.Ordinal)
        && !space.StartsWith("Microsoft.", StringComparison.Ordinal) && !space.StartsWith(nameof(TorchSharp), StringComparison.Ordinal))
        || space == "System.Collections.Generic" || (type.IsGenericType && space == "System"));

    private static IEnumerable<(object? Value, string Path)> Fields(object owner, string path)
    {
        for (Type? type = owner.GetType(); type is not null && type != typeof(object) && type != typeof(nn.Module); type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (field.FieldType is { IsPrimitive: false, IsPointer: false, IsEnum: false, IsByRefLike: false }
                    and not { IsFunctionPointer: true } && field.FieldType != typeof(string))
                {
                    // The compiler's name for the field of a property is <name>k__BackingField.
                    string name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)]
                        : field.Name;
                    yield return (field.GetValue(owner), Joined(path, name));
                }
            }
        }
    }

    private static string Joined(string path, string name) => path.Length > 0 ? $"{path}.{name}" : name;
}
