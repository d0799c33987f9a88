using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Internals;

/// <summary>Columns of schema shapes, which have no public constructor.</summary>
internal static class SchemaShapes
{
    public static SchemaShape.Column Column(string name, DataViewType type, DataViewSchema.Annotations? annotations = null)
    {
        SchemaShape about = annotations is null ? null! : new SchemaShape(annotations.Schema.Select(a => Column(a.Name, a.Type)));
        return type is VectorDataViewType vector
            ? Column(name, KindOf(vector), vector.ItemType, false, about)
            : Column(name, SchemaShape.Column.VectorKind.Scalar, type, false, about);
    }

    private static SchemaShape.Column.VectorKind KindOf(VectorDataViewType type) =>
        type.IsKnownSize ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector;

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column Column(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations);
}
