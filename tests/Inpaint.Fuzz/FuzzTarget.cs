namespace Inpaint.Fuzz;

/// <summary>A reader of files from strangers, as the fuzzer sees it.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Read">Reads the bytes; returns when the reader takes them or refuses them as it says it does, and throws otherwise.</param>
/// <param name="Seeds">Files that the reader takes, made by the project itself, by name.</param>
/// <param name="BytesForEach">Managed bytes that a run may allocate for each byte of its input, over <see cref="Bounds.FixedBytes"/>.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Read, Func<IEnumerable<(string Name, byte[] Bytes)>> Seeds, long BytesForEach)
{
    /// <summary>All targets.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        ManifestTarget.Target, GraphTarget.Target, CaptionTarget.Target, CaptionFileTarget.Target,
        CocoTarget.Target, ZipTarget.Target, ParquetTarget.Target, PhotoTarget.Target,
    ];
}
