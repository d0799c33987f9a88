using System.Globalization;

namespace Inpaint.Scenes;

/// <summary>Scenes as a dataset; each is drawn when it is read.</summary>
public sealed class SceneDataset : IPhotoDataset
{
    private const string Scheme = "scenes:";

    /// <summary>Drawn pictures: <c>scenes:COUNT[:SIZE[:SEED]]</c>; 64 pixels and seed 1 by default.</summary>
    public static DatasetFormat Format { get; } = new(
        "scenes",
        "scenes:COUNT[:SIZE[:SEED]]",
        spec => spec.StartsWith(Scheme, StringComparison.Ordinal) || spec == "scenes",
        (spec, _, _) => Parse(spec))
    {
        TakesCaptionFile = false,
    };

    private readonly int _count, _size;
    private readonly ulong _seed;

    /// <summary>The first <paramref name="count"/> scenes of a seed.</summary>
    /// <param name="count">The number of scenes, at least 1.</param>
    /// <param name="size">The side of the pictures in pixels, 16 to 4096. Default 64.</param>
    /// <param name="seed">The random seed. Default 1.</param>
    public SceneDataset(int count, int size = 64, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, SceneGenerator.MinSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, SceneGenerator.MaxSize);
        (_count, _size, _seed) = (count, size, seed);
    }

    /// <inheritdoc/>
    public string Name => $"{Scheme}{_count}:{_size}:{_seed}";

    /// <inheritdoc/>
    public long? Count => _count;

    /// <summary>The file name of a scene: <c>scene-00000001.png</c> for index 1.</summary>
    public static string IdOf(int index) => string.Create(CultureInfo.InvariantCulture, $"scene-{index:D8}.png");

    /// <inheritdoc/>
    public IEnumerable<PhotoRecord> Read() => Read(0, _count);

    /// <inheritdoc/>
    public IEnumerable<PhotoRecord> Read(long first, int count)
    {
        for (int index = (int)Math.Min(first, _count); index < Math.Min(_count, first + count); index++)
        {
            yield return RecordOf(index);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private PhotoRecord RecordOf(int index)
    {
        (string caption, PixelRect box) = SceneGenerator.Describe(index, _size, _seed);
        string id = IdOf(index);
        return new PhotoRecord
        {
            Id = id,
            Captions = [caption],
            Box = box,
            Stamp = $"scene:{_size}:{_seed}:{index}:{SceneGenerator.Version}",
            Read = () => PhotoCodec.Encode(SceneGenerator.Draw(index, _size, _seed).Photo),
            Draw = options => (options ?? PhotoDecodingOptions.Default).MaxPixels is var limit && (long)_size * _size <= limit
                ? SceneGenerator.Draw(index, _size, _seed).Photo
                : throw new PhotoException(
                    $"{id} has {_size}x{_size} pixels; the limit is {limit:N0}. Draw smaller scenes, or raise the limit."),
            DrawWithoutObject = () => SceneGenerator.DrawWithoutSubject(index, _size, _seed),
        };
    }

    private static SceneDataset Parse(string spec)
    {
        string[] parts = spec.Split(':');
        if (parts.Length is < 2 or > 4)
        {
            throw Wrong(spec, $"it has {parts.Length} parts");
        }

        int count = Integer(spec, "COUNT", parts[1], 1, int.MaxValue);
        int size = parts.Length > 2 ? Integer(spec, "SIZE", parts[2], SceneGenerator.MinSize, SceneGenerator.MaxSize) : 64;
        ulong seed = 1;
        return parts.Length < 4 || ulong.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out seed)
            ? new SceneDataset(count, size, seed)
            : throw Wrong(spec, $"SEED is '{parts[3]}', not an integer from 0 to {ulong.MaxValue}");
    }

    private static int Integer(string spec, string part, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw Wrong(spec, $"{part} is '{text}', not an integer from {least} to {most}");

    private static DatasetException Wrong(string spec, string how) =>
        new($"'{spec}': {how}; expected {Format.Expected}, such as scenes:24 or scenes:1000:128:7.");
}
