using Google.Protobuf;
using Inpaint.Onnx.Proto;
using static Inpaint.Onnx.Proto.TensorProto.Types;

namespace Inpaint.Onnx.Format;

/// <summary>Writes weights to a separate file (ONNX's external data), which may exceed the 2 GB limit of a protobuf message.</summary>
internal static class ExternalWeights
{
    /// <summary>Smaller constants, of which there are many, stay in the graph.</summary>
    private const int Smallest = 1024;

    /// <summary>Weights are page-aligned, so that they can be memory-mapped.</summary>
    private const int Alignment = 4096;

    /// <summary>Moves the weights out of a graph.</summary>
    /// <param name="graph">The graph; its weights are replaced by references to the file.</param>
    /// <param name="path">The file; it is overwritten.</param>
    /// <param name="location">The file's name in the graph.</param>
    /// <returns>The size of the file in bytes.</returns>
    public static long Write(GraphProto graph, string path, string location)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        foreach (TensorProto weight in graph.Initializer.Where(i => i.RawData.Length >= Smallest))
        {
            file.Position = (file.Position + Alignment - 1) / Alignment * Alignment;
            Describe(weight, location, file.Position, weight.RawData.Length);
            weight.RawData.WriteTo(file);
            weight.RawData = ByteString.Empty;
        }

        AtomicFile.Flush(file);
        return file.Length;
    }

    private static void Describe(TensorProto weight, string location, long offset, long length)
    {
        weight.DataLocation = DataLocation.External;
        weight.ExternalData.Add(Entry("location", location));
        weight.ExternalData.Add(Entry("offset", offset.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        weight.ExternalData.Add(Entry("length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
