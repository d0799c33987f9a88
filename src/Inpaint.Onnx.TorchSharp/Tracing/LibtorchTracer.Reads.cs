using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <content>Finds the places where forward takes a value out of a tensor: libtorch reports every operator to a callback.</content>
internal sealed unsafe partial class LibtorchTracer
{
    [ThreadStatic]
    private static ReadList* t_reads;

    private static delegate* unmanaged<void*, byte*> s_operatorName;

    private readonly delegate* unmanaged<OperatorCallback, ulong> _addCallback;
    private readonly delegate* unmanaged<ulong, void> _removeCallback;

    /// <summary>Runs forward and notes where it reads values.</summary>
    private IReadOnlyList<Tensor> Watch(ReadList* reads, Func<IReadOnlyList<Tensor>> forward)
    {
        OperatorCallback callback = default;
        callback.Start = (delegate* unmanaged<void**, void*, void*>)&OnStart;
        callback.End = (delegate* unmanaged<void*, void*, void>)&OnEnd;
        callback.Probability = 1;
        for (int scope = 0; scope < OperatorCallback.Scopes; scope++)
        {
            callback.InScope[scope] = 1;
        }

        t_reads = reads;
        ulong handle = _addCallback(callback);
        try
        {
            return forward();
        }
        finally
        {
            t_reads = null;
            _removeCallback(handle);
        }
    }

    [UnmanagedCallersOnly]
    private static void* OnStart(void** result, void* function)
    {
        *result = null;
        ReadList* reads = t_reads;

        // Operators read values inside; only what forward itself calls counts.
        if (reads is not null && reads->Depth++ == 0 && reads->Count < ReadList.Most
            && IsRead(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(s_operatorName(function)), reads->IgnoresEqual))
        {
            reads->After[reads->Count++] = t_nodes is null ? 0 : t_nodes->Span.Length;
        }

        return result;
    }

    [UnmanagedCallersOnly]
    private static void OnEnd(void* function, void* context)
    {
        if (t_reads is not null)
        {
            t_reads->Depth--;
        }
    }

    private static bool IsRead(ReadOnlySpan<byte> name, bool ignoresEqual) =>
        name.SequenceEqual("aten::item"u8) || name.SequenceEqual("aten::_local_scalar_dense"u8)
        || name.SequenceEqual("aten::is_nonzero"u8) || (!ignoresEqual && name.SequenceEqual("aten::equal"u8));

    /// <summary>The reads of a recording: how many nodes were recorded before each.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ReadList
    {
        public const int Most = 16;

        public bool IgnoresEqual;
        public int Depth, Count;
        public fixed int After[Most];
    }

    /// <summary>at::RecordFunctionCallback.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OperatorCallback
    {
        public const int Scopes = 10;

        public delegate* unmanaged<void**, void*, void*> Start;
        public delegate* unmanaged<void*, void*, void> End;
        public double Probability;
        public fixed byte InScope[Scopes];
        public byte NeedsInputs, NeedsOutputs, NeedsIds;
    }
}
