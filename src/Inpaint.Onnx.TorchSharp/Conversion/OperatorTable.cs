using System.Collections.Concurrent;
using Inpaint.Onnx.TorchSharp.Tracing;

namespace Inpaint.Onnx.TorchSharp.Conversion;

/// <summary>The operators that can be exported: for each overload its ATen schema and how it becomes ONNX nodes.</summary>
internal sealed class OperatorTable
{
    private readonly ConcurrentDictionary<string, OperatorEntry> _entries = [];

    /// <summary>The operators without their overloads, sorted.</summary>
    public IReadOnlyList<string> Operators => [.. _entries.Keys.Order(StringComparer.Ordinal)];

    public IEnumerable<OperatorSchema> Schemas => _entries.Values.SelectMany(e => e.Overloads).Select(o => o.Schema);

    /// <summary>Adds operators or overloads that share a converter.</summary>
    /// <param name="schemas">One ATen schema a line. Overloads that differ in nothing but the types of their arguments need one of
    /// them.</param>
    /// <param name="convert">Adds nodes through the context and ends with <see cref="OperatorContext.Return"/>.</param>
    public void Add(string schemas, Action<OperatorContext> convert)
    {
        foreach (OperatorSchema schema in OperatorSchema.Parse(schemas))
        {
            var overload = new OperatorOverload(schema, convert);
            _entries.AddOrUpdate(schema.Operator, new OperatorEntry([overload]), (_, e) =>
                e with { Overloads = [.. e.Overloads, overload] });
        }
    }

    /// <summary>Adds custom operators, which replace built-in operators of the same name.</summary>
    public void Replace(string schemas, Action<OperatorContext> convert)
    {
        foreach (IGrouping<string, OperatorSchema> overloads in OperatorSchema.Parse(schemas).GroupBy(s => s.Operator))
        {
            _entries[overloads.Key] = new OperatorEntry([.. overloads.Select(s => new OperatorOverload(s, convert))]) { IsCustom = true };
        }
    }

    /// <summary>Adds the converter that an operator has for complex arguments.</summary>
    /// <param name="name">An operator that has been added.</param>
    /// <param name="convert">The converter; null to convert the real and the imaginary part separately, as real numbers are.</param>
    public void AddComplex(string name, Action<OperatorContext>? convert) =>
        _entries[name] = _entries[name] with { ConvertComplex = convert, TreatsPartsAlike = convert is null };

    /// <summary>An operator; one that changes its argument in place (<c>aten::relu_</c>) is the one that does not.</summary>
    public OperatorEntry? Find(string name) =>
        _entries.TryGetValue(name, out OperatorEntry? entry) ? entry
        : name.EndsWith('_') && _entries.TryGetValue(name[..^1], out OperatorEntry? plain) ? plain
        : null;
}

/// <summary>An operator with all its overloads.</summary>
/// <param name="Overloads">At least one.</param>
internal sealed record OperatorEntry(IReadOnlyList<OperatorOverload> Overloads)
{
    /// <summary>The converter for complex arguments where it differs from that for real ones.</summary>
    public Action<OperatorContext>? ConvertComplex { get; init; }

    /// <summary>Whether complex arguments are converted once for the real parts and once for the imaginary ones.</summary>
    public bool TreatsPartsAlike { get; init; }

    /// <summary>Whether the program added it.</summary>
    public bool IsCustom { get; init; }

    /// <summary>The overload that was recorded with these inputs; null when none has as many arguments.</summary>
    public OperatorOverload? Find(IReadOnlyList<TraceValue> inputs)
    {
        OperatorOverload[] sameCount = [.. Overloads.Where(o => o.Schema.Arguments.Count == inputs.Count)];
        return sameCount.FirstOrDefault(o => o.Schema.Accepts(inputs)) ?? sameCount.FirstOrDefault();
    }
}

internal sealed record OperatorOverload(OperatorSchema Schema, Action<OperatorContext> Convert);
