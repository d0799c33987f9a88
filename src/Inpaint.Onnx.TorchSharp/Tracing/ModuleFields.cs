using System.Collections;
using System.Globalization;
using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// The numbers, strings and collections in the fields of a module and its submodules, to find those that every call changes: counters and
/// caches, which a graph does not have. What only the first call sets is not among them.
/// </summary>
internal sealed class ModuleFields(nn.Module module)
{
    private Dictionary<string, string> _before = [];

    /// <summary>Reads the fields; call it when forward has run once.</summary>
    public void ReadAgain() => _before = Read();

    /// <summary>The fields that have changed since.</summary>
    public IEnumerable<string> Changed() => Read().Where(now => _before.TryGetValue(now.Key, out string? before) && before != now.Value)
        .Select(now => $"forward keeps state in '{now.Key}' ({_before[now.Key]}, then {now.Value}); a graph has none.");

    private Dictionary<string, string> Read()
    {
        var found = new Dictionary<string, string>();
        foreach ((string name, nn.Module each) in module.named_modules().Prepend(("", module)))
        {
            for (Type? type = each.GetType(); type is not null && type.Assembly != typeof(torch).Assembly; type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (Text(field.GetValue(each)) is { } text)
                    {
                        string own = field.Name.StartsWith('<')
                            ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)]
                            : field.Name;
                        found[name.Length == 0 ? own : $"{name}.{own}"] = text;
                    }
                }
            }
        }

        return found;
    }

    private static string? Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool or char or Enum => value.ToString(),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        Tensor tensor => tensor.IsInvalid ? "a disposed tensor" : $"a tensor of [{string.Join(", ", tensor.shape)}]",
        ICollection collection => $"{collection.Count} elements",
        _ => null,
    };
}
