using Inpaint.Onnx.Format;

namespace Inpaint.ML.Scoring;

/// <summary>How rows become the graph's tensors and its outputs become rows.</summary>
/// <param name="Inputs">The columns read.</param>
/// <param name="Outputs">The columns added.</param>
/// <param name="FixedBatch">The rows of every run; null if the graph takes any number.</param>
internal sealed record OnnxContract(IReadOnlyList<OnnxSlot> Inputs, IReadOnlyList<OnnxSlot> Outputs, int? FixedBatch)
{
    /// <summary>Finds the batch axis of bound tensors.</summary>
    /// <param name="inputs">The columns read, with their tensors.</param>
    /// <param name="outputs">The columns added, with their tensors.</param>
    /// <param name="hasBatchAxis">Whether the first axes are the batch, if the user says so.</param>
    /// <param name="lengthOf">The length of an input column's vectors; null or 0 if it is not known.</param>
    /// <param name="model">The ONNX file; read only if the names of axes do not tell.</param>
    /// <exception cref="GraphException">The graph takes a fixed number of rows, and an output is not one value per row.</exception>
    public static OnnxContract Of(
        IReadOnlyList<(string Column, TensorInfo Tensor)> inputs, IReadOnlyList<(string Column, TensorInfo Tensor)> outputs,
        bool? hasBatchAxis, Func<string, int?> lengthOf, byte[] model)
    {
        OnnxSlot[] read = [.. inputs.Select(i => new OnnxSlot(i.Column, i.Tensor, hasBatchAxis switch
        {
            false => true,
            true => false,
            _ => i.Tensor.Dims.Count == 0 || IsWholeLength(i.Tensor, lengthOf(i.Column)),
        }))];
        if (hasBatchAxis is null)
        {
            read = WithOneBatch(read);
        }

        bool single = hasBatchAxis == false || Array.Exists(read, i => i.IsWhole);
        int? fixedBatch = single ? 1 : read.Select(i => i.Tensor.Dims[0]).Where(d => d > 0).Select(d => (int?)d).FirstOrDefault();
        HashSet<string> names = [.. read.Where(i => !i.IsWhole && i.Tensor.Dims[0] < 0).Select(i => i.Tensor.Symbols[0])];
        var graph = new Lazy<OnnxModel>(() => OnnxModel.Read(model));
        OnnxSlot[] added = [.. outputs.Select(o => new OnnxSlot(o.Column, o.Tensor, hasBatchAxis switch
        {
            false => true,
            true => false,
            _ => IsWholeOutput(o.Tensor, fixedBatch, names, graph),
        }))];
        if (fixedBatch > 1 && Array.Find(added, o => o.IsWhole) is { } wrong)
        {
            throw new GraphException(
                $"The graph takes {fixedBatch} rows in every run, and its output {wrong.Tensor} does not have the rows as its first axis. "
                    + "Omit this output, or export the graph with a dynamic batch or a batch of one.");
        }

        return new(read, added, Array.Exists(added, o => o.IsWhole) ? 1 : fixedBatch);
    }

    /// <summary>The length of vectors of which only is known that they have one.</summary>
    public const int AnyFixedLength = -1;

    /// <summary>A length that leads to the same decision for a column's tensor again.</summary>
    public static int LengthOf(bool isWhole) => isWhole ? AnyFixedLength : 0;

    /// <inheritdoc cref="LengthOf(bool)"/>
    public int? LengthOf(string column) => LengthOf(Inputs.First(i => i.Column == column).IsWhole);

    /// <summary>Whether columns of these lengths are bound in the same way.</summary>
    public bool IsFor(bool? hasBatchAxis, Func<string, int?> lengthOf, byte[] model) =>
        Of([.. Inputs.Select(i => (i.Column, i.Tensor))], [.. Outputs.Select(o => (o.Column, o.Tensor))], hasBatchAxis, lengthOf, model)
            .Inputs.Select(i => i.IsWhole).SequenceEqual(Inputs.Select(i => i.IsWhole));

    // A tensor of several rows of which a column has all.
    private static bool IsWholeLength(TensorInfo tensor, int? length)
    {
        if (tensor.Dims[0] <= 1 || length is not { } items || items == 0)
        {
            return false;
        }

        int whole = tensor.Dims.Aggregate(1, (product, d) => product * Math.Max(1, d));
        return items == AnyFixedLength || (tensor.RowLength is not null ? items == whole : items % whole == 0);
    }

    /// <summary>Without a common name or size of the first axes there is no batch.</summary>
    private static OnnxSlot[] WithOneBatch(OnnxSlot[] inputs)
    {
        IEnumerable<TensorInfo> batched = inputs.Where(i => !i.IsWhole).Select(i => i.Tensor);
        bool oneName = batched.Where(t => t.Dims[0] < 0 && t.Symbols[0].Length > 0).Select(t => t.Symbols[0]).Distinct().Count() <= 1;
        bool oneSize = batched.Where(t => t.Dims[0] > 0).Select(t => t.Dims[0]).Distinct().Count() <= 1;
        return oneName && oneSize
            ? inputs
            : [.. inputs.Select(i => new OnnxSlot(
                i.Column, i.Tensor, i.IsWhole || (oneSize ? i.Tensor.Dims[0] < 0 : i.Tensor.Dims[0] != 1)))];
    }

    private static bool IsWholeOutput(TensorInfo output, int? fixedBatch, HashSet<string> names, Lazy<OnnxModel> graph)
    {
        if (output.Dims.Count == 0)
        {
            return true;
        }

        int size = output.Dims[0];
        if (size >= 0)
        {
            // Exporters often leave a size of 1 by mistake.
            return size != 1 && size != fixedBatch;
        }

        string name = output.Symbols[0];
        return names.Count == 0 || !(names.Contains(name) && name.Length > 0)
            && ((name.Length > 0 && names.Any(n => n.Length > 0)) || graph.Value.SizeDependsOnValues(output.Name));
    }
}
