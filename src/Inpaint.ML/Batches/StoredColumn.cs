using Inpaint.ML.Rows;
using Inpaint.Photos;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Parquet;
using Parquet.Schema;

namespace Inpaint.ML.Batches;

/// <summary>One column of rows under a cursor, kept until it is written.</summary>
internal abstract class StoredColumn
{
    /// <summary>Its field in the file.</summary>
    public abstract Field Field { get; }

    /// <summary>Whether a column of a type can be stored.</summary>
    public static bool CanStore(DataViewType type) => Maker(type) is not null;

    /// <summary>A column under a cursor.</summary>
    public static StoredColumn Of(DataViewSchema.Column column, DataViewRowCursor cursor) => Maker(column.Type)!(column, cursor);

    /// <summary>Takes the cursor's row.</summary>
    public abstract void Take();

    /// <summary>Writes the rows taken.</summary>
    public abstract Task Write(ParquetRowGroupWriter group);

    private static Func<DataViewSchema.Column, DataViewRowCursor, StoredColumn>? Maker(DataViewType type)
    {
        if (type is TextDataViewType)
        {
            return (column, cursor) => new Texts(column, cursor);
        }

        if (type is ImageDataViewType)
        {
            return (column, cursor) => new Images(column, cursor);
        }

        if (type is VectorDataViewType { ItemType: NumberDataViewType number } && number.RawType == typeof(byte))
        {
            return (column, cursor) => new Bytes(column, cursor);
        }

        (DataViewType item, Type kind) = type is VectorDataViewType vector ? ((DataViewType)vector.ItemType, typeof(Vectors<>)) : (type, typeof(Values<>));
        return item is NumberDataViewType or BooleanDataViewType or DateTimeDataViewType or KeyDataViewType
            ? (column, cursor) => (StoredColumn)Activator.CreateInstance(kind.MakeGenericType(item.RawType), column, cursor)!
            : null;
    }

    private sealed class Texts(DataViewSchema.Column column, DataViewRowCursor cursor) : StoredColumn
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _get = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        private readonly DataField<string> _field = new(column.Name, nullable: false);
        private readonly List<string> _values = [];
        private ReadOnlyMemory<char> _value;

        public override Field Field => _field;

        public override void Take()
        {
            _get(ref _value);
            _values.Add(_value.ToString());
        }

        public override Task Write(ParquetRowGroupWriter group) => group.WriteAsync(_field, _values);
    }

    private sealed class Images(DataViewSchema.Column column, DataViewRowCursor cursor) : StoredColumn
    {
        private readonly ValueGetter<MLImage> _get = cursor.GetGetter<MLImage>(column);
        private readonly DataField<byte[]> _field = new(column.Name, nullable: true);
        private readonly List<byte[]?> _values = [];
        private MLImage? _value;

        public override Field Field => _field;

        public override void Take()
        {
            _get(ref _value!);
            _values.Add(_value is null ? null : PhotoCodec.Encode(MLImages.ToPhoto(_value, (255, 255, 255))));
        }

        public override Task Write(ParquetRowGroupWriter group)
        {
            _value?.Dispose();
            return group.WriteAsync(_field, _values!);
        }
    }

    private sealed class Bytes(DataViewSchema.Column column, DataViewRowCursor cursor) : StoredColumn
    {
        private readonly ValueGetter<VBuffer<byte>> _get = cursor.GetGetter<VBuffer<byte>>(column);
        private readonly DataField<byte[]> _field = new(column.Name, nullable: false);
        private readonly List<byte[]> _values = [];
        private VBuffer<byte> _value;

        public override Field Field => _field;

        public override void Take()
        {
            _get(ref _value);
            _values.Add([.. _value.DenseValues()]);
        }

        public override Task Write(ParquetRowGroupWriter group) => group.WriteAsync(_field, _values);
    }

    private sealed class Values<T>(DataViewSchema.Column column, DataViewRowCursor cursor) : StoredColumn where T : struct
    {
        private readonly ValueGetter<T> _get = cursor.GetGetter<T>(column);
        private readonly DataField<T> _field = new(column.Name);
        private readonly List<T> _values = [];
        private T _value;

        public override Field Field => _field;

        public override void Take()
        {
            _get(ref _value);
            _values.Add(_value);
        }

        public override Task Write(ParquetRowGroupWriter group) => group.WriteAsync<T>(_field, _values.ToArray());
    }

    /// <summary>Vectors as lists, sparse ones with their zeros.</summary>
    private sealed class Vectors<T>(DataViewSchema.Column column, DataViewRowCursor cursor) : StoredColumn where T : struct
    {
        private readonly ValueGetter<VBuffer<T>> _get = cursor.GetGetter<VBuffer<T>>(column);
        private readonly ListField _field = new(column.Name, new DataField<T?>("element"));
        private readonly List<T?> _values = [];
        private readonly List<int> _levels = [];
        private VBuffer<T> _value;

        public override Field Field => _field;

        public override void Take()
        {
            _get(ref _value);
            int level = 0;
            foreach (T value in _value.DenseValues())
            {
                _values.Add(value);
                _levels.Add(level);
                level = 1;
            }

            if (level == 0)
            {
                _values.Add(null);
                _levels.Add(0);
            }
        }

        public override Task Write(ParquetRowGroupWriter group) =>
            group.WriteAsync<T>((DataField)_field.Item, _values.ToArray(), _levels.ToArray());
    }
}
