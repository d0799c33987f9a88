namespace Inpaint.ML.Rows;

/// <summary>
/// A resource that is opened on first use and, after it was disposed, again on the next: ML.NET's prediction engines dispose the
/// transformer that they were created from, which others may still use.
/// </summary>
internal sealed class Reopenable<T>(Func<T> open) : IDisposable where T : class, IDisposable
{
    private readonly Lock _lock = new();
    private T? _value;

    public TResult Use<TResult>(Func<T, TResult> use)
    {
        lock (_lock)
        {
            return use(_value ??= open());
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _value?.Dispose();
            _value = null;
        }
    }
}
