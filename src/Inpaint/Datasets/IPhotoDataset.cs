namespace Inpaint.Datasets;

/// <summary>Photos with captions, streamed: a million rows cost the memory of a few.</summary>
public interface IPhotoDataset : IDisposable
{
    /// <summary>What the dataset is called in tables and messages.</summary>
    string Name { get; }

    /// <summary>How many rows there are, when that is known without reading all of them.</summary>
    long? Count { get; }

    /// <summary>Whether every row is a file on disk, with its <see cref="PhotoRecord.Path"/>.</summary>
    bool HoldsFiles => false;

    /// <summary>The rows, in an order that is the same every time. Each call starts anew; several readers at once are safe.</summary>
    IEnumerable<PhotoRecord> Read();

    /// <summary>Rows <paramref name="first"/> to before <paramref name="first"/> + <paramref name="count"/>, counted from 0; where the dataset can, without looking at those before.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many; fewer where the dataset ends before.</param>
    IEnumerable<PhotoRecord> Read(long first, int count) => Read().Skip(checked((int)first)).Take(count);
}
