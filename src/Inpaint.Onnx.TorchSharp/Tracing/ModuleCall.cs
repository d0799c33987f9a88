using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>Calls a module's forward, hooks included, with tensors, whatever its number of inputs and its kind of result.</summary>
internal sealed class ModuleCall
{
    private readonly nn.Module _module;
    private readonly MethodInfo _forward;
    private readonly MethodInfo _call;
    private readonly string _example;

    private ModuleCall(nn.Module module, MethodInfo forward, IReadOnlyList<Tensor> examples)
    {
        _module = module;
        _forward = forward;
        _call = CallOf(forward);
        _example = Describe(examples);
        ParameterInfo[] parameters = forward.GetParameters();

        // TorchSharp's own modules call theirs "tensor", "input1" and the like.
        bool stock = forward.DeclaringType!.Assembly == typeof(torch).Assembly;
        ParameterNames = [.. parameters.Select((p, i) => !stock ? p.Name! : parameters.Length == 1 ? "input" : $"input{i}")];
    }

    /// <summary>
    /// The names of forward's parameters; for TorchSharp's own modules <c>input</c>, or <c>input0</c>, <c>input1</c>, ...
    /// </summary>
    public IReadOnlyList<string> ParameterNames { get; }

    /// <summary>
    /// Whether libtorch compares tensors in it: its attention shares work for a query that equals the key, with the same result.
    /// </summary>
    public bool ComparesTensors => _module.modules().Prepend(_module).Any(m => m is MultiheadAttention or Transformer
        or TransformerEncoder or TransformerDecoder or TransformerEncoderLayer or TransformerDecoderLayer);

    public static ModuleCall Of(nn.Module module, IReadOnlyList<Tensor> examples)
    {
        MethodInfo[] candidates =
            [.. module.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.Name == "forward")
                .OrderBy(m => m.GetParameters().Length)];
        MethodInfo? forward = candidates.FirstOrDefault(m => m.GetParameters().Length >= examples.Count
            && m.GetParameters().Take(examples.Count).All(p => p.ParameterType == typeof(Tensor))
            && m.GetParameters().Skip(examples.Count).All(p => p.HasDefaultValue));
        return forward is not null
            ? new ModuleCall(module, forward, examples)
            : throw new ExportException($"{module.GetType().Name} has no forward that takes {examples.Count} tensors; it has "
                + $"{(candidates.Length == 0 ? "none" : string.Join("; ", candidates.Select(c => c.ToString())))}. Give as many examples "
                + "as forward takes tensors.");
    }

    /// <summary>Runs forward.</summary>
    /// <returns>Its result, flattened: a tensor, the tensors of a tuple, or those of a list.</returns>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> inputs)
    {
        object?[] arguments = [.. inputs, .. _forward.GetParameters().Skip(inputs.Count).Select(p => p.DefaultValue)];
        IReadOnlyDictionary<Tensor, string> before = HeldTensors.Of(_module);
        object? result;
        try
        {
            result = _call.Invoke(_module, arguments);
        }
        catch (TargetInvocationException e)
        {
            throw Failure(inputs, e.InnerException!);
        }
        finally
        {
            // What forward keeps for its next run, such as a cache, stays alive when the export's tensors are disposed.
            foreach (Tensor kept in HeldTensors.Of(_module).Keys.Where(t => !before.ContainsKey(t)))
            {
                kept.DetachFromDisposeScope();
            }
        }

        var flat = new List<Tensor>();
        Flatten(result, flat);
        return flat.Count > 0 ? flat : throw Unknown(result);
    }

    /// <summary>
    /// The method that runs hooks and forward; forward itself where it is an overload that TorchSharp does not know, which hooks never see.
    /// </summary>
    private static MethodInfo CallOf(MethodInfo forward)
    {
        MethodInfo origin = forward.GetBaseDefinition();
        bool known = origin.DeclaringType is { IsGenericType: true } type && type.Assembly == typeof(torch).Assembly;
        return (known ? origin.DeclaringType!.GetMethod("call", [.. origin.GetParameters().Select(p => p.ParameterType)]) : null)
            ?? forward;
    }

    private ExportException Failure(IReadOnlyList<Tensor> inputs, Exception error)
    {
        // libtorch adds its stack to the message.
        string message = error is ExternalException ? error.Message.Split('\n')[0].TrimEnd() : $"{error.GetType().Name}: {error.Message}";
        if (message.Contains("Cannot insert a Tensor that requires grad as a constant", StringComparison.Ordinal))
        {
            return new ExportException($"forward of {_module.GetType().Name} uses weights that are not registered with it: "
                + $"{Unregistered()}. Keep modules in a field, a ModuleList or a Sequential, weights in a Parameter, and call "
                + "RegisterComponents() at the end of the constructor.", error);
        }

        string given = Describe(inputs);
        string chosen = given == _example ? ""
            : $" The exporter chose these shapes along the dynamic axes; the example is {_example}. Keep an axis fixed (DynamicAxes) that "
                + "forward cannot take at other sizes.";
        return new ExportException($"forward of {_module.GetType().Name} failed on {given}: "
            + $"{message}{(chosen.Length > 0 && !message.EndsWith('.') ? "." : "")}{chosen}", error);
    }

    private string Unregistered()
    {
        HashSet<nint> registered = [.. _module.parameters().Select(p => LibtorchTracer.IdentityOf(p))];
        string[] names =
            [.. HeldTensors.Of(_module).Where(t => t.Key is Parameter && !registered.Contains(LibtorchTracer.IdentityOf(t.Key)))
                .Select(t => t.Value).Order(StringComparer.Ordinal)];
        return names.Length == 0 ? "tensors that require gradients"
            : string.Join(", ", names.Take(4)) + (names.Length > 4 ? $" and {names.Length - 4} more" : "");
    }

    private void Flatten(object? result, List<Tensor> flat)
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
            case IEnumerable<Tensor?> tensors:
                foreach (Tensor? each in tensors)
                {
                    Flatten(each, flat);
                }

                break;
            default:
                throw Unknown(result);
        }
    }

    private ExportException Unknown(object? result) =>
        new($"forward of {_module.GetType().Name} gives "
            + $"{(result is null ? "null" : result is IEnumerable<Tensor> or ITuple ? "no tensors" : Name(result.GetType()))}; expected a "
            + "tensor, a tuple of tensors or a list of them. Give the module a forward that returns its tensors so.");

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(Name))}>" : type.Name;

    private static string Describe(IReadOnlyList<Tensor> tensors) =>
        string.Join(", ", tensors.Select(i => $"{i.dtype}[{string.Join(", ", i.shape)}]"));
}
