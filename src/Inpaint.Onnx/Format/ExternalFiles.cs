using System.Runtime.InteropServices;

namespace Inpaint.Onnx.Format;

/// <summary>Checks whether the files that a graph's external data refers to may be read.</summary>
internal static partial class ExternalFiles
{
    private const int CurrentFolder = -100;
    private const int DoNotFollowLinks = 0x100;
    private const uint WantTypeAndLinkCount = 0x5;
    private const int FileTypeBits = 0xF000;
    private const int PlainFile = 0x8000;

    public static void Check(IReadOnlyList<ExternalTensor> tensors, InspectionOptions options, string what)
    {
        if (tensors.Count == 0)
        {
            return;
        }

        if (!options.AllowExternalData)
        {
            throw new OnnxFormatException(
                $"{what}: {tensors[0].Tensor} is stored in another file, '{tensors[0].Location}' ({tensors.Count} "
                + "tensors are); expected all data in the graph itself. Save the graph as one file, or allow external data if you "
                + "trust it.");
        }

        string folder = options.Folder
            ?? throw new OnnxFormatException($"{what}: {tensors[0].Tensor} is stored in another file, '{tensors[0].Location}', and the "
                + "graph's folder is not known. Inspect the graph by its path, or set "
                + $"{nameof(InspectionOptions)}.{nameof(InspectionOptions.Folder)}.");
        foreach (IGrouping<string, ExternalTensor> file in tensors.GroupBy(t => t.Location))
        {
            long length = LengthOf(folder, file.Key, $"{what}: {file.First().Tensor}");
            foreach (ExternalTensor tensor in file)
            {
                if (tensor.Offset > length || tensor.Length > length - tensor.Offset)
                {
                    throw new OnnxFormatException($"{what}: {tensor.Tensor} is at byte {tensor.Offset} of '{file.Key}', {tensor.Length} "
                        + $"long, but the file has {length} bytes. The file is truncated or belongs to another graph; copy it again.");
                }
            }
        }
    }

    private static long LengthOf(string folder, string location, string tensor)
    {
        if (location.Length == 0 || location is "." or ".." || location.Any(c => c is '/' or '\\' or ':' || char.IsControl(c)))
        {
            throw new OnnxFormatException(
                $"{tensor} is stored in '{location}'; expected the name of a file next to the graph, without folders. Do not "
                + "use this file unless you know why.");
        }

        string path = Path.Combine(folder, location);
        (bool isPlainFile, uint links) = Status(path, tensor);
        return !isPlainFile
            ? throw new OnnxFormatException(
                $"{tensor} is stored in '{location}'; expected a regular file in {folder}, not a link. Put a copy of the file there.")
            : links != 1
                ? throw new OnnxFormatException($"{tensor} is stored in '{location}', which has {links} hard links; "
                    + "expected one. Put a copy of the file there.")
            : new FileInfo(path).Length;
    }

    private static unsafe (bool IsPlainFile, uint Links) Status(string path, string tensor)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new OnnxFormatException($"{tensor} is stored in '{path}'; external data is supported only on Linux, where hard links "
                + "can be detected. Save the graph as one file.");
        }

        // struct statx is the same on all architectures: 256 bytes, the link count at byte 16, the mode at 28.
        byte* status = stackalloc byte[256];
        return StatX(CurrentFolder, path, DoNotFollowLinks, WantTypeAndLinkCount, status) == 0
            ? ((*(ushort*)(status + 28) & FileTypeBits) == PlainFile, *(uint*)(status + 16))
            : throw new OnnxFormatException($"{tensor} is stored in '{path}', which cannot be read: "
                + $"{Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}. Put the file next to the graph.");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* status);
}
