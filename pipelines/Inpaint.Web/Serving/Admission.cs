namespace Inpaint.Web.Serving;

/// <summary>Counts what is under way, and refuses what would be too much.</summary>
internal sealed class Admission(ServiceOptions options)
{
    private readonly Lock _lock = new();
    private int _uploads, _photos;
    private long _bytes;

    /// <summary>Photos that wait or are worked at.</summary>
    public int Photos => Volatile.Read(ref _photos);

    /// <summary>Bodies being read.</summary>
    public int Uploads => Volatile.Read(ref _uploads);

    /// <summary>A place for a request: its body's bytes now, its photos later.</summary>
    /// <param name="bytes">The body's length; null where the client does not say.</param>
    /// <exception cref="ServiceException">Too many, or too large.</exception>
    public Place Enter(long? bytes)
    {
        if (bytes > options.MaxBody)
        {
            throw ServiceException.TooLarge($"The request has {bytes:N0} bytes; expected {options.MaxBody:N0} at the most.");
        }

        long reserved = bytes ?? options.MaxBody;
        lock (_lock)
        {
            if (_uploads >= options.MaxUploads || _bytes + reserved > options.MaxBodies)
            {
                throw ServiceException.Busy("Too many requests are being read. Try again in a second.");
            }

            _uploads++;
            _bytes += reserved;
        }

        return new Place(this, reserved);
    }

    /// <summary>A request's share; disposing gives it back.</summary>
    public sealed class Place(Admission admission, long bytes) : IDisposable
    {
        private bool _read;
        private int _photos;

        /// <summary>The body is read, and so many photos go to the graphs.</summary>
        /// <exception cref="ServiceException">Too many photos wait.</exception>
        public void Take(int photos)
        {
            lock (admission._lock)
            {
                if (!_read)
                {
                    _read = true;
                    admission._uploads--;
                }

                if (admission._photos + photos > admission.MaxPending)
                {
                    throw ServiceException.Busy($"{admission._photos} photos wait; {admission.MaxPending} may. Try again in a second.");
                }

                admission._photos += photos;
                _photos += photos;
            }
        }

        /// <summary>A photo is done, whatever became of it.</summary>
        public void GiveBack()
        {
            lock (admission._lock)
            {
                admission._photos--;
                _photos--;
            }
        }

        public void Dispose()
        {
            lock (admission._lock)
            {
                admission._uploads -= _read ? 0 : 1;
                admission._photos -= _photos;
                admission._bytes -= bytes;
            }
        }
    }

    private int MaxPending => options.MaxPending;
}
