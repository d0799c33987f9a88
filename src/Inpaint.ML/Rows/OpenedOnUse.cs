namespace Inpaint.ML.Rows;

/// <summary>
/// Something costly that is opened when it is first used and can be closed at any time: it is opened again when it is used again.
/// ML.NET's prediction engines dispose the transformer that they were made of, which others may still use.
/// </summary>
internal sealed class OpenedOnUse<T>(Func<T> open) : IDisposable where T : class, IDisposable
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
