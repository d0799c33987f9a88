using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Inpaint.Export;

/// <summary>Chooses a constructor or a static method by the given arguments, and calls it.</summary>
internal static class ModuleMaking
{
    /// <summary>Calls the candidate whose parameters are all given or have defaults.</summary>
    /// <exception cref="UsageException">None matches, or a value has the wrong type.</exception>
    /// <exception cref="FailedException">It threw.</exception>
    public static object Invoke(string name, IReadOnlyList<MethodBase> candidates, IReadOnlyDictionary<string, string> values,
        Func<MethodBase, object?[], object> call)
    {
        MethodBase chosen = candidates
            .Where(c => values.Keys.All(v => c.GetParameters().Any(p => p.Name == v))
            && c.GetParameters().All(p => p.HasDefaultValue || values.ContainsKey(p.Name!)))
            .OrderBy(c => c.GetParameters().Length)
            .FirstOrDefault()
            ?? throw new UsageException($"{name} cannot be created "
                + $"{(values.Count == 0 ? "without values" : $"from {string.Join(", ", values.Keys)}")}; give each parameter without a "
                + $"default as --arg NAME=VALUE: {string.Join(" or ", candidates.Select(c => Describe(name, c)))}.");
        object?[] given =
            [.. chosen.GetParameters().Select(p => values.TryGetValue(p.Name!, out string? text) ? Convert(p, text) : p.DefaultValue)];
        try
        {
            return call(chosen, given);
        }
        catch (TargetInvocationException e)
        {
            Exception inner = e.InnerException is TypeInitializationException { InnerException: { } cause } ? cause : e.InnerException!;
            throw inner is MissingMethodException or TypeLoadException or MissingFieldException
                ? new FailedException($"{name} was built against another TorchSharp than this program's "
                    + $"{typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3)}: {inner.Message} Build it against that version.")
                : new FailedException($"{name} threw an exception during construction: {inner.GetType().Name}: {inner.Message}");
        }
    }

    /// <summary>A constructor as in source code: <c>UNet(int width, bool deep = false)</c>.</summary>
    public static string Describe(string name, MethodBase method) =>
        $"{name}({string.Join(", ", method.GetParameters().Select(Describe))})";

    private static string Describe(ParameterInfo parameter) =>
        $"{TypeName(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "")}";

    /// <summary>A type's short name.</summary>
    public static string TypeName(Type type) => type.IsArray ? TypeName(type.GetElementType()!) + "[]"
        : Nullable.GetUnderlyingType(type) is { } under ? TypeName(under) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>"
        : type.Name switch
        {
            "Int32" => "int",
            "Int64" => "long",
            "Single" => "float",
            "Double" => "double",
            "Boolean" => "bool",
            "String" => "string",
            var other => other,
        };

    private static string Literal(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => $"\"{text}\"",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static object? Convert(ParameterInfo parameter, string text)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        try
        {
            if (type.IsArray)
            {
                string[] parts = text.Length == 0 ? [] : text.Split(',');
                var array = Array.CreateInstance(type.GetElementType()!, parts.Length);
                for (int i = 0; i < parts.Length; i++)
                {
                    array.SetValue(One(type.GetElementType()!, parts[i]), i);
                }

                return array;
            }

            return One(type, text);
        }
        catch (Exception e) when (e is FormatException or NotSupportedException or ArgumentException or OverflowException)
        {
            string expected = type.IsEnum ? string.Join(", ", Enum.GetNames(type))
                : $"a value of {TypeName(parameter.ParameterType)}{(type.IsArray ? ", separated by commas" : "")}";
            throw new UsageException($"--arg {parameter.Name}={text}: expected {expected}.");
        }
    }

    private static object One(Type type, string text) => type.IsEnum
        ? Enum.Parse(type, text, ignoreCase: true)
        : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text) ?? throw new FormatException();
}
