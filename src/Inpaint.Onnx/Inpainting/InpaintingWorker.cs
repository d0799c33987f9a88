using Inpaint.Onnx.Runtime;

namespace Inpaint.Onnx.Inpainting;

/// <summary>
/// Decodes photos, collects their windows in batches, runs the graph and pastes the fills. Buffers are reused. Not thread-safe.
/// </summary>
public sealed class InpaintingWorker : IDisposable
{
    // Windows of varying sizes that are scored together have at most this many pixels, or one window.
    private const int MaxBatchPixels = 1 << 20;

    // Buffers of windows of varying sizes are kept for the next run up to this size.
    private const int KeptBytes = 16 << 20;

    // For graphs whose manifests do not say.
    private const int AssumedBytesPerPixel = 1024;

    private readonly PhotoProcessor _processor;
    private readonly int? _fixedBatch;
    private readonly GraphRunner _runner;
    private readonly TensorBuffer[] _inputs;
    private readonly TensorBuffer[] _outputs;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly int _captionInput = -1;
    private readonly Slot[] _slots;
    private readonly bool _sizesVary;
    private readonly bool _reserves;
    private readonly long _memoryLimit;
    private IDisposable? _reserved;
    private int _filled, _capacity;
    private Photo? _scratch;

    internal InpaintingWorker(Inpainter inpainter, int batchSize)
    {
        _processor = inpainter.Processor;
        _fixedBatch = inpainter.Session.FixedBatch;
        BatchSize = batchSize;
        _sizesVary = _processor.Geometry.PictureSize is null;
        _reserves = _sizesVary && inpainter.Session.Device.IsCpu;
        _memoryLimit = inpainter.Options.Execution.MemoryBytes;
        InputEncoder encoder = _processor.Encoder;
        _runner = inpainter.Session.CreateRunner();
        _slots = [.. Enumerable.Range(0, batchSize).Select(_ => new Slot())];
        var inputs = encoder.Names.Select((_, i) => new TensorBuffer(encoder.ElementType(i))).ToList();
        var names = encoder.Names.ToList();
        if (encoder.CaptionName is { } caption)
        {
            _captionInput = inputs.Count;
            inputs.Add(new TensorBuffer(Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float));
            names.Add(caption);
        }

        _inputs = [.. inputs];
        _inputNames = [.. names];
        _outputs = [new TensorBuffer(_processor.Decoder.ElementType)];
        _outputNames = [_processor.Decoder.Name];
    }

    /// <summary>The number of windows per run.</summary>
    public int BatchSize { get; }

    /// <summary>Completes rows. Errors are stored in their rows; the other rows are completed nevertheless.</summary>
    /// <param name="rows">Any number of rows.</param>
    /// <param name="cancellation">Stops between photos and inside the graph.</param>
    /// <exception cref="OperationCanceledException">The operation was cancelled.</exception>
    public void Run(ReadOnlySpan<InpaintingRow> rows, CancellationToken cancellation = default)
    {
        _filled = 0;
        try
        {
            foreach (InpaintingRow row in rows)
            {
                cancellation.ThrowIfCancellationRequested();
                row.ClearResult();
                try
                {
                    Prepare(row, cancellation);
                }
                catch (Exception e) when (e is PhotoException or InpaintingRowException)
                {
                    row.Fail(e);
                }
            }

            Flush(cancellation);
        }
        finally
        {
            EndReservation();
        }

        foreach (InpaintingRow row in rows)
        {
            cancellation.ThrowIfCancellationRequested();
            if (row.Status == InpaintingStatus.Ok && _processor.Options.Output.Format is not null)
            {
                row.Encoded = _processor.Options.Output.Encode(row.Completed!);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _runner.Dispose();
        foreach (TensorBuffer buffer in _inputs.Concat(_outputs))
        {
            buffer.Dispose();
        }
    }

    private void Prepare(InpaintingRow row, CancellationToken cancellation)
    {
        GraphManifest manifest = _processor.Manifest;
        if (manifest.Caption is { Required: true } && !row.CaptionsWithheld && !row.Captions.Any(c => !string.IsNullOrWhiteSpace(c)))
        {
            throw new InpaintingRowException(
                InpaintingStatus.BadCaption,
                $"{row.Name} has no caption, and the graph '{manifest.Name}' requires one. "
                + "Provide a caption, or use a graph without captions.");
        }

        FillOptions fill = row.Fill ?? _processor.Options.Fill;
        bool windowOnly = _processor.ReturnsWindow;
        (Photo photo, Hole hole) = _processor.Decode(row, windowOnly ? _scratch : row.Spare);
        IReadOnlyList<GraphWindow> windows = _processor.Geometry.Place(
            hole, photo.Width, photo.Height, fill.WindowPerComponent && !windowOnly, fill.Context,
            _reserves && manifest.Size.BytesPerPixel is { } bytes ? _memoryLimit / bytes : long.MaxValue);
        row.HoleBounds = hole.Bounds;
        row.FilledHole = hole;
        if (!windowOnly || windows.Count == 0)
        {
            // A photo decoded by this row may be changed; a photo passed by the caller may not.
            row.Completed = ReferenceEquals(photo, row.Photo) ? row.CopyOf(photo) : photo;
        }

        foreach (GraphWindow window in windows)
        {
            Add(row, photo, hole, window, cancellation);
        }

        if (windowOnly && windows.Count > 0 && row.Photo is null && row.Read is null)
        {
            _scratch = photo;
        }
    }

    private void Add(InpaintingRow row, Photo photo, Hole hole, GraphWindow window, CancellationToken cancellation)
    {
        if (_filled > 0 && (_filled == _capacity || !_slots[0].HasSize(window.PictureWidth, window.PictureHeight)))
        {
            Flush(cancellation);
        }

        if (_filled == 0)
        {
            _capacity = CapacityFor(window);
            Reserve(row, window, cancellation);
        }

        Slot slot = _slots[_filled];
        slot.Take(row, window);
        _processor.Geometry.Extract(photo, hole, window.Window, slot.Picture, slot.Hidden);
        if (!slot.Hidden.Pixels.Contains((byte)0))
        {
            throw new InpaintingRowException(
                InpaintingStatus.BadMask,
                $"{row.Name}: too few pixels around the hole are known: none is left when the window of "
                + $"{window.Window.Width}x{window.Window.Height} pixels is scaled to {window.PictureWidth}x{window.PictureHeight}. "
                + "Make the hole smaller.");
        }

        if (_filled == 0)
        {
            // Sized for a full batch; shortened for the last run.
            Shape(_fixedBatch ?? _capacity, window.PictureWidth, window.PictureHeight);
        }

        row.Coverage = Encode(slot, _filled);
        _filled++;
    }

    /// <summary>The number of windows of one size per run.</summary>
    private int CapacityFor(GraphWindow window) =>
        _sizesVary ? (int)Math.Clamp(MaxBatchPixels / window.PicturePixels, 1, BatchSize) : BatchSize;

    /// <summary>Waits for the memory of a run, before its buffers are allocated.</summary>
    private void Reserve(InpaintingRow row, GraphWindow window, CancellationToken cancellation)
    {
        EndReservation();
        if (!_reserves)
        {
            return;
        }

        GraphManifest manifest = _processor.Manifest;
        if (manifest.Size.BytesPerPixel is { } stated && stated * window.PicturePixels > _memoryLimit)
        {
            throw new InpaintingRowException(
                InpaintingStatus.BadMask,
                $"{row.Name}: the hole is too large: its window of {window.PictureWidth}x{window.PictureHeight} pixels needs "
                + $"{(stated * window.PicturePixels) >> 20:N0} MiB in graph '{manifest.Name}'; {_memoryLimit >> 20:N0} MiB are allowed. "
                + "Make the hole smaller, or allow more memory.");
        }

        long perPixel = manifest.Size.BytesPerPixel ?? AssumedBytesPerPixel;
        _reserved = RunMemory.Acquire(perPixel * window.PicturePixels * (_fixedBatch ?? _capacity), _memoryLimit, cancellation);
    }

    private void EndReservation()
    {
        _reserved?.Dispose();
        _reserved = null;
    }

    /// <summary>Writes the picture and caption of a slot into a row of the inputs.</summary>
    private CaptionCoverage Encode(Slot slot, int place)
    {
        InputEncoder encoder = _processor.Encoder;
        for (int i = 0; i < encoder.Names.Count; i++)
        {
            encoder.Write(i, slot.Picture, slot.Hidden, _inputs[i], place);
        }

        return _captionInput < 0 || _processor.Captions is not { } captions
            ? default
            : captions.Encode(slot.Row.Captions, _inputs[_captionInput].AsSpan<float>().Slice(place * captions.Size, captions.Size));
    }

    private void Shape(int batch, int width, int height)
    {
        InputEncoder encoder = _processor.Encoder;
        for (int i = 0; i < encoder.Names.Count; i++)
        {
            _inputs[i].Reshape(encoder.Shape(i, batch, width, height));
        }

        if (_captionInput >= 0)
        {
            _inputs[_captionInput].Reshape([batch, _processor.Captions!.Size]);
        }

        _outputs[0].Reshape(_processor.Decoder.Shape(batch, width, height));
    }

    private void Flush(CancellationToken cancellation)
    {
        if (_filled == 0)
        {
            return;
        }

        int count = _filled;
        _filled = 0;
        try
        {
            Score(count, cancellation);
        }
        finally
        {
            // The rows belong to the caller: an idle worker must not keep their photos alive.
            Array.ForEach(_slots, slot => slot.Release());
            if (_sizesVary)
            {
                Array.ForEach(_inputs, buffer => buffer.Trim(KeptBytes));
                Array.ForEach(_outputs, buffer => buffer.Trim(KeptBytes));
            }

            EndReservation();
        }
    }

    private void Score(int count, CancellationToken cancellation)
    {
        Shape(_fixedBatch ?? count, _slots[0].Picture.Width, _slots[0].Picture.Height);
        try
        {
            _runner.Run(_inputNames, _inputs, _outputNames, _outputs, cancellation);
        }
        catch (GraphException e) when (count == 1 || e.PastDeadline)
        {
            foreach (Slot slot in _slots.AsSpan(0, count))
            {
                slot.Row.Fail(e);
            }

            return;
        }
        catch (GraphException)
        {
            ScoreOneByOne(count, cancellation);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            Finish(_slots[i], i);
        }
    }

    /// <summary>Finds the pictures of a batch on which the graph fails; the others are completed.</summary>
    private void ScoreOneByOne(int count, CancellationToken cancellation)
    {
        int batch = _fixedBatch ?? 1;
        Shape(batch, _slots[0].Picture.Width, _slots[0].Picture.Height);
        foreach (Slot slot in _slots.AsSpan(0, count))
        {
            for (int place = 0; place < batch; place++)
            {
                _ = Encode(slot, place);
            }

            try
            {
                _runner.Run(_inputNames, _inputs, _outputNames, _outputs, cancellation);
                Finish(slot, 0);
            }
            catch (GraphException e)
            {
                slot.Row.Fail(e);
            }
        }
    }

    private void Finish(Slot slot, int place)
    {
        try
        {
            _processor.Decoder.Read(_outputs[0], place, slot.Picture, slot.Hidden);
            Paste(slot);
        }
        catch (GraphException e)
        {
            slot.Row.Fail(e);
        }
    }

    private void Paste(Slot slot)
    {
        if (slot.Row.Status != InpaintingStatus.Ok)
        {
            return;
        }

        if (_processor.ReturnsWindow)
        {
            slot.Row.Completed = slot.Row.CopyOf(slot.Picture);
            slot.Row.HoleBounds = slot.Hidden.Bounds;
            return;
        }

        WindowSampler.Paste(
            slot.Picture, slot.Window.Window, slot.Window.Part, slot.Row.Completed!, (slot.Row.Fill ?? _processor.Options.Fill).Feather);
    }

    /// <summary>The picture of a window in the batch.</summary>
    private sealed class Slot
    {
        public InpaintingRow Row { get; private set; } = null!;

        public GraphWindow Window { get; private set; } = null!;

        public Photo Picture { get; private set; } = new(1, 1);

        public Mask Hidden { get; private set; } = new(1, 1);

        public void Release()
        {
            (Row, Window) = (null!, null!);
            if (Picture.Pixels.Length > KeptBytes)
            {
                (Picture, Hidden) = (new Photo(1, 1), new Mask(1, 1));
            }
        }

        public bool HasSize(int width, int height) => Picture.Width == width && Picture.Height == height;

        public void Take(InpaintingRow row, GraphWindow window)
        {
            Row = row;
            Window = window;
            if (!HasSize(window.PictureWidth, window.PictureHeight))
            {
                Picture = new Photo(window.PictureWidth, window.PictureHeight);
                Hidden = new Mask(window.PictureWidth, window.PictureHeight);
            }
        }
    }
}
