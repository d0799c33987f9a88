using System.Runtime.CompilerServices;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Internals;

/// <summary>Shapes of schemas, whose columns have no public constructor.</summary>
internal static class Shapes
{
    /// <summary>The shape of an input with added columns.</summary>
    public static SchemaShape With(SchemaShape input, IEnumerable<AddedColumn> added)
    {
        var columns = added.ToList();
        return new SchemaShape(input.Where(c => columns.All(a => a.Name != c.Name)).Concat(columns.Select(ColumnOf)));
    }

    private static SchemaShape.Column ColumnOf(AddedColumn added) => added.Type is VectorDataViewType vector
        ? Column(added.Name, vector.IsKnownSize ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector, vector.ItemType, false, null!)
        : Column(added.Name, SchemaShape.Column.VectorKind.Scalar, added.Type, false, null!);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column Column(string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations);
}
