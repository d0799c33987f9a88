using Microsoft.ML;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// Columns that hold any number of items of one shape in a row, such as the windows of a photo: the items follow each other in a vector
/// whose first dimension is unknown, and an annotation marks the column.
/// </summary>
internal static class ItemColumns
{
    private const string Mark = "Items";

    private static readonly DataViewSchema.Annotations Marked = MakeAnnotations();

    public static bool Has(DataViewSchema.Column column) => column.Annotations.Schema.GetColumnOrNull(Mark) is not null;

    public static bool Has(SchemaShape.Column column) => column.Annotations.Any(annotation => annotation.Name == Mark);

    /// <summary>The column of several such values.</summary>
    public static AddedColumn Several(AddedColumn one) => new(one.Name, one.Type is VectorDataViewType vector
        ? new VectorDataViewType(vector.ItemType, (int[])[0, .. vector.Dimensions])
        : new VectorDataViewType((PrimitiveDataViewType)one.Type, 0)) { Annotations = Marked };

    /// <summary>The type of one item.</summary>
    public static DataViewType ItemOf(DataViewType several)
    {
        var type = (VectorDataViewType)several;
        return type.Dimensions.Length > 1 ? new VectorDataViewType(type.ItemType, (int[])[.. type.Dimensions.Skip(1)]) : type.ItemType;
    }

    private static DataViewSchema.Annotations MakeAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Mark, BooleanDataViewType.Instance, (ref bool value) => value = true);
        return builder.ToAnnotations();
    }
}
