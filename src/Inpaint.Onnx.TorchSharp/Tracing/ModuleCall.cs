using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp;

/// <summary>Calls a module's forward with tensors, whatever its number of inputs and its kind of result.</summary>
internal sealed class ModuleCall
{
    private readonly nn.Module _module;
    private readonly MethodInfo _forward;

    private ModuleCall(nn.Module module, MethodInfo forward)
    {
        _module = module;
        _forward = forward;
        ParameterInfo[] parameters = forward.GetParameters();

        // TorchSharp's own modules call theirs "tensor", "input1" and the like.
        bool stock = forward.DeclaringType!.Assembly == typeof(torch).Assembly;
        ParameterNames = [.. parameters.Select((p, i) => !stock ? p.Name! : parameters.Length == 1 ? "input" : $"input{i}")];
    }

    /// <summary>The names of forward's parameters; for TorchSharp's own modules <c>input</c>, or <c>input0</c>, <c>input1</c>, ...</summary>
    public IReadOnlyList<string> ParameterNames { get; }

    public static ModuleCall Of(nn.Module module, int inputs)
    {
        MethodInfo[] candidates = [.. module.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.Name == "forward")];
        MethodInfo? forward = candidates.FirstOrDefault(m => m.GetParameters().Length >= inputs
            && m.GetParameters().Take(inputs).All(p => p.ParameterType == typeof(Tensor))
            && m.GetParameters().Skip(inputs).All(p => p.HasDefaultValue));
        return forward is not null
            ? new ModuleCall(module, forward)
            : throw new ExportException($"{module.GetType().Name} has no forward that takes {inputs} tensors; it has {(candidates.Length == 0 ? "none" : string.Join("; ", candidates.Select(c => c.ToString())))}. Give as many examples as forward takes tensors.");
    }

    /// <summary>Runs forward.</summary>
    /// <returns>Its result, flat: a tensor, the tensors of a tuple, or those of a list.</returns>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs)
    {
        object?[] arguments = [.. inputs, .. _forward.GetParameters().Skip(inputs.Count).Select(p => p.DefaultValue)];
        object? result;
        try
        {
            result = _forward.Invoke(_module, arguments);
        }
        catch (TargetInvocationException e)
        {
            throw new ExportException($"forward of {_module.GetType().Name} failed on {string.Join(", ", inputs.Select(i => $"{i.dtype}[{string.Join(", ", i.shape)}]"))}: {e.InnerException!.Message}", e.InnerException);
        }

        var flat = new List<Tensor>();
        Flatten(result, flat);
        return flat.Count > 0
            ? flat
            : throw new ExportException($"forward of {_module.GetType().Name} gives {result?.GetType().Name ?? "nothing"}; expected a tensor, a tuple of tensors or a list of them.");
    }

    private static void Flatten(object? result, List<Tensor> flat)
    {
        switch (result)
        {
            case Tensor tensor:
                flat.Add(tensor);
                break;
            case ITuple tuple:
                for (int i = 0; i < tuple.Length; i++)
                {
                    Flatten(tuple[i], flat);
                }

                break;
            case IEnumerable<Tensor> tensors:
                flat.AddRange(tensors);
                break;
        }
    }
}
