using System.Collections;
using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// Finds the methods that forward reaches and that read a tensor's memory directly (<c>item</c>, <c>data</c>, <c>bytes</c>), which libtorch
/// does not see. The IL of the program's own methods is read; calls through interfaces are not followed.
/// </summary>
internal static class DataReadScan
{
    private static readonly HashSet<string> Reads = ["item", "data", "get_bytes", "bytes", "ToArray", "ReadCpuSingle", "ReadCpuValue"];
    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>Such as <c>Detector.forward calls Tensor.item</c>, each once.</summary>
    public static IReadOnlyList<string> Of(nn.Module module)
    {
        var found = new List<string>();
        var seen = new HashSet<MethodBase>();
        var open = new Stack<MethodBase>();
        foreach (nn.Module each in module.modules().Prepend(module))
        {
            foreach (MethodBase root in Roots(each).Where(IsOwn))
            {
                open.Push(root);
            }
        }

        while (open.TryPop(out MethodBase? method))
        {
            if (!seen.Add(method))
            {
                continue;
            }

            foreach (MethodBase called in CalledBy(method))
            {
                if (IsOwn(called))
                {
                    open.Push(called);
                }
                else if (called.DeclaringType?.Assembly == typeof(torch).Assembly && Reads.Contains(called.Name))
                {
                    found.Add($"{method.DeclaringType?.Name}.{method.Name} calls {called.DeclaringType!.Name}.{called.Name}");
                }
            }
        }

        return [.. found.Distinct()];
    }

    private static IEnumerable<MethodBase> Roots(nn.Module module)
    {
        for (Type? type = module.GetType(); type is not null && type.Assembly != typeof(torch).Assembly; type = type.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (MethodInfo forward in type.GetMethods(Own).Where(m => m.Name == "forward"))
            {
                yield return forward;
            }

            foreach (FieldInfo field in type.GetFields(Own))
            {
                object? value = field.GetValue(module);
                foreach (Delegate function in value is Delegate one ? [one] : value is IEnumerable many and not string and not nn.Module
                    ? many.OfType<Delegate>() : [])
                {
                    yield return function.Method;
                }
            }
        }
    }

    private static bool IsOwn(MethodBase method) => method.DeclaringType?.Assembly is { } assembly && assembly != typeof(torch).Assembly
        && assembly.GetName().Name is { } name && !name.StartsWith("System", StringComparison.Ordinal)
        && !name.StartsWith("Microsoft.", StringComparison.Ordinal) && name is not "mscorlib" and not "netstandard";

    private static IEnumerable<MethodBase> CalledBy(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[]? types = method.DeclaringType?.GetGenericArguments(),
            arguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            value = value == 0xFE ? (short)((value << 8) | code[at++]) : value;
            if (!OpCodesByValue.TryGetValue(value, out OpCode operation))
            {
                yield break;
            }

            if (operation.OperandType == OperandType.InlineMethod
                && Resolve(method.Module, BitConverter.ToInt32(code, at), types, arguments) is { } called)
            {
                yield return called;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static MethodBase? Resolve(Module module, int token, Type[]? types, Type[]? arguments)
    {
        try
        {
            return module.ResolveMethod(token, types, arguments);
        }
        catch (Exception e) when (e is ArgumentException or BadImageFormatException or FileNotFoundException or TypeLoadException)
        {
            return null;
        }
    }
}
