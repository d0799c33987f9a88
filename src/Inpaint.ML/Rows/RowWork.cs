using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// What a transformer does with rows: takes their input values one by one on the cursor's thread, works on them together
/// (on any thread), and gives the output values. Made for one cursor; reused from batch to batch.
/// </summary>
internal abstract class RowWork : IDisposable
{
    /// <summary>Rows that it can hold.</summary>
    public abstract int Capacity { get; }

    /// <summary>Reads the input row where the cursor stands into place <paramref name="row"/>.</summary>
    public abstract void Capture(int row);

    /// <summary>Works on the first <paramref name="count"/> places.</summary>
    public abstract void Run(int count, CancellationToken cancellation);

    /// <summary>
    /// The value of an output column. A <typeparamref name="T"/> other than the column's own is an error of the caller's,
    /// found out in <see cref="Value.Set{TFrom, TTo}"/>.
    /// </summary>
    public abstract void Get<T>(int output, int row, ref T value);

    public virtual void Dispose()
    {
    }
}

/// <summary>Values between the type a column has and the type parameter that ML.NET asks with: the same, or an error.</summary>
internal static class Value
{
    public static void Set<TFrom, TTo>(TFrom value, ref TTo target)
    {
        if (typeof(TFrom) != typeof(TTo))
        {
            throw new InvalidOperationException($"The column holds {typeof(TFrom).Name}; a getter for {typeof(TTo).Name} was asked for.");
        }

        target = System.Runtime.CompilerServices.Unsafe.As<TFrom, TTo>(ref value);
    }

    /// <summary>Copies numbers into a vector, reusing its memory.</summary>
    public static void SetVector<TItem, TTo>(ReadOnlySpan<TItem> values, ref TTo target) => values.CopyTo(Edit<TItem, TTo>(values.Length, ref target));

    /// <summary>The memory of a vector that now has <paramref name="length"/> items, to be written at once.</summary>
    public static Span<TItem> Edit<TItem, TTo>(int length, ref TTo target)
    {
        if (typeof(VBuffer<TItem>) != typeof(TTo))
        {
            throw new InvalidOperationException($"The column holds a vector of {typeof(TItem).Name}; a getter for {typeof(TTo).Name} was asked for.");
        }

        ref VBuffer<TItem> vector = ref System.Runtime.CompilerServices.Unsafe.As<TTo, VBuffer<TItem>>(ref target);
        VBufferEditor<TItem> editor = VBufferEditor.Create(ref vector, length);
        vector = editor.Commit();
        return editor.Values;
    }
}
