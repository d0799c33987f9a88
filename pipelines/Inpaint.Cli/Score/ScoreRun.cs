using System.Diagnostics;
using Inpaint.CommandLine;

namespace Inpaint.Cli.Score;

/// <summary>
/// One run of <c>score</c>: runs photos through the pipeline and writes pictures and rows. Photos that an earlier run completed
/// and that have not changed are skipped.
/// </summary>
internal sealed class ScoreRun : IDisposable
{
    private const int ListedBadPhotos = 10;

    private readonly ScoreSettings _settings;
    private readonly CancellationToken _cancellation;
    private readonly OutputFolder _folder;
    private readonly InputSet _inputs;
    private readonly PhotoPipeline _pipeline;
    private readonly MaskSource? _masks;
    private readonly ResultsFile _results;
    private readonly Sheet _sheet;
    private readonly string _pictureSettings;
    private readonly List<BadPhoto> _badPhotos = [];
    private IProgress<long>? _progress;
    private long _completed, _kept, _bad;

    /// <exception cref="UsageException">The settings are inconsistent.</exception>
    /// <exception cref="FailedException">The folder is in use, or contains something else.</exception>
    public ScoreRun(ScoreSettings settings, Terminal terminal, CancellationToken cancellation)
    {
        _settings = settings;
        _cancellation = cancellation;
        _pictureSettings = settings.PictureSettings();
        _masks = settings.Mask is null ? null : new MaskSource(settings.Mask, settings.Inpainting.Fill.MaskPolarity);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(settings.Out!));
        _inputs = new InputSet(settings.Input, settings.Captions, folder, count: Terminal.IsWatched);
        if (_masks is { HidesObjects: true } && _inputs.FirstWithoutObjects is { } input)
        {
            throw new UsageException(
                $"--mask is {MaskSource.Object}, but the photos of '{input}' cannot be drawn without an object; expected scenes. "
                + "Specify a mask or a folder of masks.");
        }

        _pipeline = new PhotoPipeline(settings.Graph, Inpainting(settings.Inpainting, terminal, _inputs.Count), _masks);
        _folder = new OutputFolder(folder, settings.Format);
        _results = ResultsFile.Open(folder);
        _sheet = new Sheet(_folder, _pipeline.Manifest, _masks);
    }

    /// <summary>How many photos there are, when that is known.</summary>
    public long? Count => _inputs.Count;

    /// <summary>Completes the photos.</summary>
    /// <param name="progress">Receives the number of finished photos.</param>
    public ScoreSummary Run(IProgress<long> progress)
    {
        _progress = progress;
        long started = Stopwatch.GetTimestamp();
        bool finished = CompleteAll();
        _results.PutInOrder(complete: finished);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new ScoreSummary
        {
            Photos = _completed + _kept + _bad,
            Completed = _completed,
            Kept = _kept,
            Bad = _bad,
            BadPhotos = _badPhotos,
            Finished = finished,
            Seconds = Math.Round(seconds, 3),
            PhotosPerSecond = _completed > 0 ? Math.Round(_completed / seconds, 1) : null,
            Graph = _pipeline.Manifest.Name,
            GraphSha256 = _pipeline.Manifest.Graph.Sha256,
            Out = _settings.Out!,
            Results = Path.Combine(_settings.Out!, ResultsFile.FileName),
            Sheet = _cancellation.IsCancellationRequested ? null : Path.Combine(_settings.Out!, _sheet.Write()),
        };
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _results.Dispose();
        _pipeline.Dispose();
        _folder.Dispose();
    }

    /// <summary>Rows that fail report it, and the run decides what happens then. Fewer photos than cores get several cores each.</summary>
    private static InpaintingOptions Inpainting(InpaintingOptions options, Terminal terminal, long? photos)
    {
        int threads = photos is > 0 and { } count ? (int)Math.Max(1, Environment.ProcessorCount / count) : 1;
        return options with
        {
            OnError = OnError.Row,
            Execution = options.Execution with { Warn = terminal.Warn, IntraOpThreads = threads },
        };
    }

    /// <returns>Whether all photos were reached: false if interrupted, or stopped at a bad photo.</returns>
    private bool CompleteAll()
    {
        foreach ((bool areFiles, IEnumerable<(string Key, string Input, PhotoRecord Record)> photos) in _inputs.Read())
        {
            foreach (ScoreItem photo in _pipeline.Complete(ToDo(photos), areFiles))
            {
                if (_cancellation.IsCancellationRequested || (!Finish(photo) && _settings.Inpainting.OnError == OnError.Fail))
                {
                    return false;
                }
            }
        }

        return !_cancellation.IsCancellationRequested;
    }

    /// <summary>The photos to complete; counts those that are already completed.</summary>
    private IEnumerable<ScoreItem> ToDo(IEnumerable<(string Key, string Input, PhotoRecord Record)> photos)
    {
        foreach ((string key, string input, PhotoRecord record) in photos)
        {
            if (_cancellation.IsCancellationRequested)
            {
                yield break;
            }

            ScoreItem item = MakeItem(key, input, record);
            _sheet.Take(item);
            if (_results.Enter(key) is { } done
                && done.Version == ResultRow.VersionOf(item.Stamp, _pictureSettings, _pipeline.Manifest.Graph.Sha256)
                && _folder.IsWhole(key, done.Bytes))
            {
                _kept++;
                _progress?.Report(_completed + _kept + _bad);
                continue;
            }

            yield return item;
        }
    }

    private ScoreItem MakeItem(string key, string input, PhotoRecord record)
    {
        IReadOnlyList<string> captions = _settings.Caption is { } caption ? [caption] : record.Captions;
        string? mask = _masks?.Find(record.Id);
        string stamp = record.Stamp;
        if (mask is not null)
        {
            stamp += $" mask {mask} {FileStamp.Of(mask)}";
        }

        if (_pipeline.Manifest.Caption is not null)
        {
            stamp += $" captions {Fingerprint.HexOf(string.Join('\n', captions))}";
        }

        return new ScoreItem(key, input, record, [.. captions], mask, stamp);
    }

    /// <summary>Writes a photo's picture and row.</summary>
    /// <returns>Whether it was completed.</returns>
    private bool Finish(ScoreItem photo)
    {
        (InpaintingStatus status, string? error, string? output) = (photo.Status, photo.Error, null);
        if (status == InpaintingStatus.Ok)
        {
            try
            {
                output = _folder.Write(photo.Key, photo.Picture);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                (status, error) = (InpaintingStatus.NotWritten, $"{photo.Input}: its picture cannot be written: {e.Message}");
            }
        }

        if (output is null && _results.HasPicture(photo.Key))
        {
            // An earlier run completed another version of this photo; remove its picture.
            _folder.Remove(photo.Key);
        }

        _results.Append(new ResultRow
        {
            Photo = photo.Key,
            Input = photo.Input,
            Output = output,
            Status = status,
            Error = error,
            Milliseconds = Math.Round(Stopwatch.GetElapsedTime(photo.Started).TotalMilliseconds, 1),
            Bytes = output is null ? 0 : photo.Picture.Length,
            Stamp = photo.Stamp,
            Settings = _pictureSettings,
            Graph = _pipeline.Manifest.Name,
            GraphSha256 = _pipeline.Manifest.Graph.Sha256,
        });
        if (output is not null)
        {
            _completed++;
        }
        else
        {
            _bad++;
            _sheet.Note(photo.Key, status, error!);
            if (_badPhotos.Count < ListedBadPhotos)
            {
                _badPhotos.Add(new BadPhoto(photo.Input, status, error!));
            }
        }

        _progress?.Report(_completed + _kept + _bad);
        return output is not null;
    }
}
