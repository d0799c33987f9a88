using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Inpaint.ML.Rows;

/// <summary>
/// Computes the added columns of a batch of rows: captures input values on the cursor's thread, runs on any thread, then returns values.
/// One per cursor and worker, reused from batch to batch. By default it takes one row and computes it when it is captured.
/// </summary>
internal abstract class RowProcessor : IDisposable
{
    /// <summary>Rows in a batch, at most.</summary>
    public virtual int Capacity => 1;

    /// <summary>Reads the cursor's current row into slot <paramref name="row"/>.</summary>
    public abstract void Capture(int row);

    /// <summary>Computes the first <paramref name="count"/> slots.</summary>
    public virtual void Run(int count, CancellationToken cancellation)
    {
    }

    /// <summary>The value of an added column in a slot; <typeparamref name="T"/> must be the column's type.</summary>
    public abstract void Get<T>(int output, int row, ref T value);

    public virtual void Dispose()
    {
    }
}

/// <summary>Assigns values to getters' type parameters, which must be the column's type.</summary>
internal static class Value
{
    public static void Set<TFrom, TTo>(TFrom value, ref TTo target)
    {
        if (typeof(TFrom) != typeof(TTo))
        {
            throw new InvalidOperationException(
                $"The column contains {typeof(TFrom).Name}; a getter for {typeof(TTo).Name} was requested.");
        }

        target = Unsafe.As<TFrom, TTo>(ref value);
    }

    /// <summary>Copies items into a vector, reusing its memory.</summary>
    public static void SetVector<TItem, TTo>(ReadOnlySpan<TItem> values, ref TTo target) =>
        values.CopyTo(Edit<TItem, TTo>(values.Length, ref target));

    /// <summary>Resizes a vector to <paramref name="length"/> items and returns its memory, to be written immediately.</summary>
    public static Span<TItem> Edit<TItem, TTo>(int length, ref TTo target)
    {
        if (typeof(VBuffer<TItem>) != typeof(TTo))
        {
            throw new InvalidOperationException(
                $"The column contains a vector of {typeof(TItem).Name}; a getter for {typeof(TTo).Name} was requested.");
        }

        ref VBuffer<TItem> vector = ref Unsafe.As<TTo, VBuffer<TItem>>(ref target);
        VBufferEditor<TItem> editor = VBufferEditor.Create(ref vector, length);
        vector = editor.Commit();
        return editor.Values;
    }
}
