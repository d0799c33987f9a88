namespace Inpaint;

/// <summary>Photos with captions, streamed: a million rows cost the memory of a few.</summary>
public interface IPhotoDataset : IDisposable
{
    /// <summary>What the dataset is called in tables and messages.</summary>
    string Name { get; }

    /// <summary>How many rows there are, when that is known without reading all of them.</summary>
    long? Count { get; }

    /// <summary>The rows, in an order that is the same every time. Each call starts anew; several readers at once are safe.</summary>
    IEnumerable<PhotoRecord> Read();
}
