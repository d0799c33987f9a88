using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Inpaint.ML.Rows;

/// <summary>A source column's values for a batch of rows, kept while the source moves on.</summary>
internal abstract class PassThroughColumn : IDisposable
{
    public static PassThroughColumn Create(DataViewRow source, DataViewSchema.Column column, int capacity)
    {
        Type type = column.Type switch
        {
            VectorDataViewType vector => typeof(Vectors<>).MakeGenericType(vector.ItemType.RawType),
            ImageDataViewType => typeof(Images),
            DataViewType other => typeof(Scalars<>).MakeGenericType(other.RawType),
        };
        return (PassThroughColumn)Activator.CreateInstance(type, source, column, capacity)!;
    }

    public abstract void Capture(int row);

    public abstract void Get<T>(int row, ref T value);

    public virtual void Dispose()
    {
    }

    private sealed class Scalars<TItem>(DataViewRow source, DataViewSchema.Column column, int capacity) : PassThroughColumn
    {
        private readonly ValueGetter<TItem> _getter = source.GetGetter<TItem>(column);
        private readonly TItem[] _values = new TItem[capacity];

        public override void Capture(int row) => _getter(ref _values[row]);

        public override void Get<T>(int row, ref T value) => Value.Set(_values[row], ref value);
    }

    private sealed class Vectors<TItem>(DataViewRow source, DataViewSchema.Column column, int capacity) : PassThroughColumn
    {
        private readonly ValueGetter<VBuffer<TItem>> _getter = source.GetGetter<VBuffer<TItem>>(column);
        private readonly VBuffer<TItem>[] _values = new VBuffer<TItem>[capacity];

        public override void Capture(int row) => _getter(ref _values[row]);

        public override void Get<T>(int row, ref T value)
        {
            if (typeof(T) != typeof(VBuffer<TItem>))
            {
                Value.Set(_values[row], ref value);
            }

            _values[row].CopyTo(ref Unsafe.As<T, VBuffer<TItem>>(ref value));
        }
    }

    /// <summary>Images are cloned immediately: stock transforms dispose an image when they produce the next row's.</summary>
    private sealed class Images(DataViewRow source, DataViewSchema.Column column, int capacity) : PassThroughColumn
    {
        private readonly ValueGetter<MLImage> _getter = source.GetGetter<MLImage>(column);
        private readonly MLImage?[] _values = new MLImage?[capacity];
        private readonly long[] _positions = new long[capacity];
        private MLImage? _current;

        public override void Capture(int row)
        {
            _positions[row] = source.Position;
            _getter(ref _current!);
            _values[row]?.Dispose();
            _values[row] = MLImages.Clone(_current);
        }

        public override void Get<T>(int row, ref T value) => Value.Set(
            MLImages.Clone(_values[row]) ?? MLImages.Missing(blank: false, () => PhotoColumns.NoImage(
                new InpaintingRow { Name = $"column '{column.Name}'" }, _positions[row], error: null)),
            ref value);

        public override void Dispose()
        {
            foreach (MLImage? image in _values)
            {
                image?.Dispose();
            }

            base.Dispose();
        }
    }
}
