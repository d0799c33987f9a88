namespace Inpaint.Datasets;

/// <summary>A dataset of photos with captions. Rows are streamed, so memory does not depend on their number.</summary>
public interface IPhotoDataset : IDisposable
{
    /// <summary>The dataset's name in tables and messages.</summary>
    string Name { get; }

    /// <summary>The number of rows, if it is known without reading all of them.</summary>
    long? Count { get; }

    /// <summary>Whether every row is a file on disk, with its <see cref="PhotoRecord.Path"/>.</summary>
    bool HoldsFiles => false;

    /// <summary>The rows, always in the same order. Each call starts from the beginning; concurrent readers are safe.</summary>
    IEnumerable<PhotoRecord> Read();

    /// <summary>
    /// Reads <paramref name="count"/> rows from index <paramref name="first"/>, if possible without reading the rows before.
    /// </summary>
    /// <param name="first">The index of the first row, from 0.</param>
    /// <param name="count">The number of rows; fewer are returned if the dataset ends before.</param>
    IEnumerable<PhotoRecord> Read(long first, int count) => Read().Skip(checked((int)first)).Take(count);
}
