using System.Globalization;
using Inpaint.Jobs;
using Inpaint.ML.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Batches;

/// <summary>The columns of a part, filled from the rows of a cursor.</summary>
internal sealed class StoredColumns : IDisposable
{
    private readonly List<PartColumn> _columns = [];
    private readonly List<Action> _adders = [];
    private readonly List<Action> _disposers = [];

    /// <param name="names">Columns that <see cref="Choose"/> returned.</param>
    /// <param name="cursor">The cursor, with these columns active.</param>
    public StoredColumns(IReadOnlyList<string> names, DataViewRowCursor cursor)
    {
        foreach (string name in names)
        {
            Bind(cursor.Schema[name], cursor);
        }
    }

    public IReadOnlyList<PartColumn> Columns => _columns;

    /// <summary>The columns to store.</summary>
    /// <param name="schema">The rows' schema.</param>
    /// <param name="named">The requested columns; null for all that are visible and can be stored.</param>
    /// <returns>The columns, and those that are left out because they cannot be stored, with their types.</returns>
    /// <exception cref="ArgumentException">One of them does not exist, or cannot be stored.</exception>
    public static (IReadOnlyList<string> Stored, IReadOnlyList<string> LeftOut) Choose(
        DataViewSchema schema, IReadOnlyList<string>? named)
    {
        if (named is null)
        {
            string[] all = [.. schema.Where(c => !c.IsHidden && CanStore(c.Type)).Select(c => c.Name)];
            return all.Length > 0
                ? (all, [.. schema.Where(c => !c.IsHidden && !CanStore(c.Type)).Select(c => $"{c.Name}: {c.Type}")])
                : throw new ArgumentException(
                $"None of the columns {string.Join(", ", schema.Select(c => $"{c.Name} ({c.Type})"))} can be stored.", nameof(schema));
        }

        if (named.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } repeated)
        {
            throw new ArgumentException($"Columns names '{repeated.Key}' twice; expected each column once.", nameof(named));
        }

        foreach (string name in named)
        {
            DataViewSchema.Column column = schema.GetColumnOrNull(name)
                ?? throw new ArgumentException($"The column '{name}' does not exist; expected one of "
                    + $"{string.Join(", ", schema.Where(c => !c.IsHidden).Select(c => c.Name))}.", nameof(named));
            if (!CanStore(column.Type))
            {
                throw new ArgumentException($"The column '{name}' is of type {column.Type}, which cannot be stored; expected strings, "
                    + $"numbers, booleans, times, vectors of these, bytes or images. Convert it in the pipeline, or omit it from "
                    + $"Columns.", nameof(named));
            }
        }

        return named.Count > 0 ? (named, [])
            : throw new ArgumentException("Columns is empty; expected at least one, or null for all.", nameof(named));
    }

    /// <summary>Adds the cursor's row.</summary>
    public void AddRow() => _adders.ForEach(add => add());

    public void Dispose() => _disposers.ForEach(dispose => dispose());

    private static bool CanStore(DataViewType type) => type is ImageDataViewType
        || ((type as VectorDataViewType)?.ItemType ?? type) is TextDataViewType or NumberDataViewType or BooleanDataViewType
            or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType or KeyDataViewType;

    private void Bind(DataViewSchema.Column column, DataViewRowCursor cursor)
    {
        switch (column.Type)
        {
            case TextDataViewType:
                Bind<ReadOnlyMemory<char>, string?>(column, cursor, new StringColumn(column.Name), text => text.ToString());
                break;
            case ImageDataViewType:
                Bind<MLImage, byte[]?>(column, cursor, new BytesColumn(column.Name, nullable: true), image => image is null ? null
                    : PhotoCodec.Encode(MLImages.ToPhoto(image, (255, 255, 255))));
                break;
            case TimeSpanDataViewType:
                Bind<TimeSpan, long>(column, cursor, new ValueColumn<long>(column.Name), span => span.Ticks);
                break;
            case DateTimeOffsetDataViewType:
                Bind<DateTimeOffset, string?>(column, cursor, new StringColumn(column.Name), Text);
                break;
            case VectorDataViewType { ItemType: TextDataViewType }:
                BindList<ReadOnlyMemory<char>, string>(column, cursor, new StringListColumn(column.Name), text => text.ToString());
                break;
            case VectorDataViewType { ItemType: TimeSpanDataViewType }:
                BindList<TimeSpan, long>(column, cursor, new ListColumn<long>(column.Name), span => span.Ticks);
                break;
            case VectorDataViewType { ItemType: DateTimeOffsetDataViewType }:
                BindList<DateTimeOffset, string>(column, cursor, new StringListColumn(column.Name), Text);
                break;
            case VectorDataViewType { ItemType: NumberDataViewType item } when item.RawType == typeof(byte):
                Bind<VBuffer<byte>, byte[]?>(column, cursor, new BytesColumn(column.Name), value => [.. value.DenseValues()]);
                break;
            case VectorDataViewType vector:
                ((Action<DataViewSchema.Column, DataViewRowCursor>)BindVector<int>).Method.GetGenericMethodDefinition()
                    .MakeGenericMethod(vector.ItemType.RawType).Invoke(this, [column, cursor]);
                break;
            default:
                ((Action<DataViewSchema.Column, DataViewRowCursor>)BindValue<int>).Method.GetGenericMethodDefinition()
                    .MakeGenericMethod(column.Type.RawType).Invoke(this, [column, cursor]);
                break;
        }
    }

    private void BindValue<T>(DataViewSchema.Column column, DataViewRowCursor cursor) where T : struct =>
        Bind<T, T>(column, cursor, new ValueColumn<T>(column.Name), value => value);

    /// <summary>Vectors as lists, sparse ones with their zeros.</summary>
    private void BindVector<T>(DataViewSchema.Column column, DataViewRowCursor cursor) where T : struct =>
        BindList<T, T>(column, cursor, new ListColumn<T>(column.Name), value => value);

    private void BindList<TItem, TStored>(DataViewSchema.Column column, DataViewRowCursor cursor, PartColumn<TStored[]> stored,
        Func<TItem, TStored> convert) =>
        Bind<VBuffer<TItem>, TStored[]>(column, cursor, stored, value => [.. value.DenseValues().Select(convert)]);

    /// <summary>ISO 8601 with the offset.</summary>
    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private void Bind<TValue, TStored>(DataViewSchema.Column column, DataViewRowCursor cursor, PartColumn<TStored> stored,
        Func<TValue, TStored> convert)
    {
        ValueGetter<TValue> get = cursor.GetGetter<TValue>(column);
        TValue value = default!;
        _columns.Add(stored);
        _adders.Add(() =>
        {
            get(ref value);
            stored.Add(convert(value));
        });
        _disposers.Add(() => (value as IDisposable)?.Dispose());
    }
}
