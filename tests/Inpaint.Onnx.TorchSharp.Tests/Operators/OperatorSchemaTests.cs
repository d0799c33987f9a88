using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Text;
using System.Text.RegularExpressions;
using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>The declared schemas against those that libtorch registers, which are strings in its library.</summary>
public sealed partial class OperatorSchemaTests
{
    private static readonly OperatorSchema[] Declared = [.. OnnxConverters.BuiltIn().Schemas];
    private static readonly Lazy<HashSet<string>> Libtorch = new(ReadLibrary);

    [Fact]
    public void Every_declared_schema_is_one_of_libtorch() =>
        Assert.Equal([], Declared.Select(s => s.Text).Except(Libtorch.Value));

    [Fact]
    public void Overloads_with_the_same_number_of_arguments_have_the_declared_names()
    {
        ILookup<string, OperatorSchema> declared = Declared.ToLookup(s => s.Operator);
        string[] misread = [.. Libtorch.Value
            .Where(text => !Unrecorded().IsMatch(text))
            .Select(text => OperatorSchema.Parse(text)[0])
            .Where(s => declared[s.Operator].Any(d => d.Arguments.Count == s.Arguments.Count)
            && !declared[s.Operator].Any(d => Names(d) == Names(s)))
            .Select(s => s.Text)];

        // These have a list, a number or a type where the declared overload has a tensor or a list, so that reading them fails.
        Assert.Equal(
            [
                "aten::atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]",
                "aten::atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]",
                "aten::atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]",
                "aten::isin.Scalar_Tensor(Scalar element, Tensor test_elements, *, bool assume_unique=False, bool invert=False) -> Tensor",
                "aten::view.dtype(Tensor(a) self, ScalarType dtype) -> Tensor(a)",
            ],
            misread.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_types_and_aliases_are_parsed()
    {
        OperatorSchema schema = Assert.Single(OperatorSchema.Parse("""
            aten::x.y(Tensor(a -> *) self, SymInt[1]? s=None, int[1] dim=[-2,-1],
                *, str? norm="none") -> Tensor(a)[]
            """));
        Assert.Equal("aten::x", schema.Operator);
        Assert.Equal([("Tensor", "self"), ("SymInt[1]?", "s"), ("int[1]", "dim"), ("str?", "norm")], schema.Arguments);
        Assert.True(schema.IsView);
        Assert.False(OperatorSchema.Parse("aten::x(Tensor self) -> Tensor")[0].IsView);
    }

    [Fact]
    public void An_argument_missing_from_all_schemas_is_an_error_immediately()
    {
        OnnxConverters.Register("aten::special_modified_bessel_i1(Tensor self) -> Tensor", c => c.Return(c.Tensor("input")));
        using var net = new Around(x => special.modified_bessel_i1(x));
        ArgumentException error = Assert.Throws<ArgumentException>(() => OnnxExporter.ToBytes(net, [rand(1, 3)]));
        Assert.Contains("aten::special_modified_bessel_i1 has no argument 'input'; its schema is 'aten::special_modified_bessel_i1(Tensor "
            + "self)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overload_of_other_arguments_is_an_error_that_lists_the_schemas()
    {
        OnnxConverters.Register("aten::special_modified_bessel_k0(Tensor self, int n) -> Tensor", c => c.Return(c.Tensor("self")));
        using var net = new Around(x => special.modified_bessel_k0(x));
        ExportException error = Assert.Throws<ExportException>(() => OnnxExporter.ToBytes(net, [rand(1, 3)]));
        Assert.Contains("with the arguments (Tensor), expected those of 'aten::special_modified_bessel_k0(Tensor self, int n) -> Tensor'",
            error.Message, StringComparison.Ordinal);
    }

    private static string Names(OperatorSchema schema) => string.Join(", ", schema.Arguments.Select(a => a.Name));

    /// <summary>
    /// All schemas in the data of the library that this process has loaded; those of ATen are stored without a namespace.
    /// </summary>
    private static unsafe HashSet<string> ReadLibrary()
    {
        using Tensor loaded = zeros(1);
        string path = Process.GetCurrentProcess().Modules.Cast<ProcessModule>().First(m => m.ModuleName == "libtorch_cpu.so").FileName;
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            // The registrations of all operators are within some megabytes of each other.
            const int Around = 8 << 20;
            var bytes = new ReadOnlySpan<byte>(start, checked((int)view.Capacity));
            int anchor = bytes.IndexOf("\0add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor\0"u8);
            string text = Encoding.Latin1.GetString(bytes[Math.Max(0, anchor - Around)..Math.Min(bytes.Length, anchor + Around)]);
            return [.. text.Split('\0').Where(t => Schema().IsMatch(t)).Select(t => "aten::" + t)];
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    [GeneratedRegex(@"^[\w.]+\([A-Za-z][^\0]*\) -> [A-Z(][\w(), \[\]?>*!-]*$")]
    private static partial Regex Schema();

    // Overloads that write into an argument, have named axes or a random state, or belong to interpreted code.
    [GeneratedRegex(@"!|Dimname|Generator|-> (?!.*Tensor)")]
    private static partial Regex Unrecorded();

    private sealed class Around(Func<Tensor, Tensor> function) : nn.Module<Tensor, Tensor>(nameof(Around))
    {
        public override Tensor forward(Tensor input) => function(input);
    }
}
