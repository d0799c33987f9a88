using System.Threading.RateLimiting;

namespace Inpaint.Web.Serving;

/// <summary>Limits the work in progress: requests beyond the limits are rejected; admitted photos wait for memory to decode them.</summary>
internal sealed class Admission(ServiceOptions options) : IDisposable
{
    // Permits are 32-bit numbers, so pixels are granted in blocks.
    private const long PixelsPerPermit = 1024;

    private readonly Lock _lock = new();
    private readonly int _maxPending = options.MaxPending;
    private readonly ConcurrencyLimiter _pixels = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = PermitsFor(options.MaxPendingPixels),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
    private int _uploads, _photos;
    private long _bytes, _released;

    /// <summary>Photos that are waiting or being completed.</summary>
    public int Photos => Volatile.Read(ref _photos);

    /// <summary>Request bodies being read.</summary>
    public int Uploads => Volatile.Read(ref _uploads);

    /// <summary>Admits a request: its body now, its photos once they are counted.</summary>
    /// <param name="contentLength">The length of the body in bytes; null where the client does not state it.</param>
    /// <exception cref="ServiceException">The body is too large, or too many requests are in progress.</exception>
    public Reservation Reserve(long? contentLength)
    {
        if (contentLength > options.MaxBodyBytes)
        {
            throw new ServiceException(
                ErrorKind.TooLarge, $"The request body has {contentLength:N0} bytes; expected at most {options.MaxBodyBytes:N0}.");
        }

        long bytes = contentLength ?? options.MaxBodyBytes;
        lock (_lock)
        {
            if (_uploads >= options.MaxUploads || _bytes + bytes > options.MaxBodiesBytes)
            {
                throw new ServiceException(ErrorKind.Busy, "Too many requests are being read. Try again in a second.");
            }

            _uploads++;
            _bytes += bytes;
        }

        return new Reservation(this, bytes);
    }

    /// <summary>Waits for memory to decode a photo, first come, first served.</summary>
    /// <param name="pixels">The pixels of 4 bytes that will be held until the lease is disposed.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <exception cref="ServiceException">The photo needs more than all photos may, or the wait was cancelled.</exception>
    public async Task<IDisposable> AcquirePixelsAsync(long pixels, CancellationToken cancellation)
    {
        if (pixels > options.MaxPendingPixels)
        {
            throw new ServiceException(
                ErrorKind.TooLarge,
                $"The photo needs {(4 * pixels) >> 20:N0} MiB while it is completed; the service has "
                + $"{(4 * options.MaxPendingPixels) >> 20:N0} MiB for photos. Send a smaller photo.");
        }

        try
        {
            return new PixelLease(this, await _pixels.AcquireAsync(PermitsFor(pixels), cancellation), pixels);
        }
        catch (OperationCanceledException e)
        {
            throw new ServiceException(
                ErrorKind.Busy, "The photo waited for memory, which other photos use, until its time was up. Try again later.", e);
        }
    }

    public void Dispose() => _pixels.Dispose();

    private static int PermitsFor(long pixels) => (int)Math.Clamp((pixels + PixelsPerPermit - 1) / PixelsPerPermit, 1, int.MaxValue);

    /// <summary>
    /// Frees the arrays of finished photos before others are admitted in their place: large arrays are collected rarely, and until then the
    /// process has both. A collection takes milliseconds, since the arrays contain no references.
    /// </summary>
    private void Release(long pixels)
    {
        if (Interlocked.Add(ref _released, pixels) > options.MaxPendingPixels / 4)
        {
            Interlocked.Exchange(ref _released, 0);
            GC.Collect();
        }
    }

    private sealed class PixelLease(Admission admission, RateLimitLease lease, long pixels) : IDisposable
    {
        private long _pixels = pixels;

        public void Dispose()
        {
            admission.Release(Interlocked.Exchange(ref _pixels, 0));
            lease.Dispose();
        }
    }

    /// <summary>The share of one request; disposing it releases whatever is left of it.</summary>
    public sealed class Reservation(Admission admission, long bytes) : IDisposable
    {
        private bool _isRead;
        private int _photos;

        /// <summary>Ends the upload and adds the photos that it contained.</summary>
        /// <exception cref="ServiceException">Too many photos are pending.</exception>
        public void AddPhotos(int photos)
        {
            lock (admission._lock)
            {
                EndUpload();
                int pending = admission._photos, limit = admission._maxPending;
                if (pending + photos > limit)
                {
                    throw new ServiceException(ErrorKind.Busy, $"{pending} of {limit} photos are pending. Try again in a second.");
                }

                admission._photos += photos;
                _photos += photos;
            }
        }

        /// <summary>Releases one photo, whatever its outcome.</summary>
        public void ReleasePhoto()
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
                EndUpload();
                admission._photos -= _photos;
                admission._bytes -= bytes;
            }
        }

        private void EndUpload()
        {
            admission._uploads -= _isRead ? 0 : 1;
            _isRead = true;
        }
    }
}
