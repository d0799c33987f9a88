using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>
/// libtorch's own tracer (torch::jit::tracer), driven through its exported C++ functions: the one place with native entry points.
/// They are C++ names of libtorch 2.10 on Linux x64 with libstdc++'s strings; all are looked up, and a small graph is traced
/// as a trial, before anything else runs. If that fails, every export throws one clear error, and all else works as before.
/// </summary>
internal sealed unsafe partial class LibtorchTracer
{
    private const string Library = "libtorch_cpu.so";
    private const int StateBytes = 8192;
    private const int GraphWord = 2;
    private const uint TensorTag = 1;
    private const string String = "RKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE";

    private static readonly Lazy<LibtorchTracer> Probed = new(Probe);

    [ThreadStatic]
    private static NodeList* t_nodes;

    private readonly delegate* unmanaged<void*, void> _newState;
    private readonly delegate* unmanaged<void*, void> _deleteState;
    private readonly delegate* unmanaged<void**, void> _setState;
    private readonly delegate* unmanaged<NativeString*, uint> _symbol;
    private readonly delegate* unmanaged<void*, uint, nuint, void*> _createNode;
    private readonly delegate* unmanaged<void*, void*, void> _insertNode;
    private readonly delegate* unmanaged<void*, void*> _addOutput;
    private readonly delegate* unmanaged<void*, NativeString*, void*> _setName;
    private readonly delegate* unmanaged<void*, void*, void> _inferType;
    private readonly delegate* unmanaged<void*, NativeValue*, void*, void> _setValue;
    private readonly delegate* unmanaged<void*, NativeValue*, void*> _getValue;
    private readonly delegate* unmanaged<void*, NativeValue*, byte> _hasValue;
    private readonly delegate* unmanaged<NativeString*, void*, byte, NativeString*> _toText;
    private readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void> _onNode;
    private readonly delegate* unmanaged<OptionalValue*, void*, OptionalValue*> _constantOf;
    private int _outputsWord;

    private LibtorchTracer(nint library)
    {
        void* Find(string name) => NativeLibrary.TryGetExport(library, name, out nint address)
            ? (void*)address
            : throw new PlatformNotSupportedException($"{Library} has no function {name}");

        _newState = (delegate* unmanaged<void*, void>)Find("_ZN5torch3jit6tracer12TracingStateC1Ev");
        _deleteState = (delegate* unmanaged<void*, void>)Find("_ZN5torch3jit6tracer12TracingStateD1Ev");
        _setState = (delegate* unmanaged<void**, void>)Find("_ZN5torch3jit6tracer15setTracingStateESt10shared_ptrINS1_12TracingStateEE");
        _symbol = (delegate* unmanaged<NativeString*, uint>)Find("_ZN3c106Symbol14fromQualStringE" + String);
        _createNode = (delegate* unmanaged<void*, uint, nuint, void*>)Find("_ZN5torch3jit5Graph6createEN3c106SymbolEm");
        _insertNode = (delegate* unmanaged<void*, void*, void>)Find("_ZN5torch3jit6tracer12TracingState10insertNodeEPNS0_4NodeE");
        _addOutput = (delegate* unmanaged<void*, void*>)Find("_ZN5torch3jit4Node9addOutputEv");
        _setName = (delegate* unmanaged<void*, NativeString*, void*>)Find("_ZN5torch3jit5Value12setDebugNameE" + String);
        _inferType = (delegate* unmanaged<void*, void*, void>)Find("_ZN5torch3jit5Value13inferTypeFromERKN2at6TensorE");
        _setValue =
            (delegate* unmanaged<void*, NativeValue*, void*,
                void>)Find("_ZN5torch3jit6tracer12TracingState8setValueERKN3c106IValueEPNS0_5ValueE");
        _getValue = (delegate* unmanaged<void*, NativeValue*, void*>)Find("_ZN5torch3jit6tracer12TracingState8getValueERKN3c106IValueE");
        _hasValue = (delegate* unmanaged<void*, NativeValue*, byte>)Find("_ZNK5torch3jit6tracer12TracingState8hasValueERKN3c106IValueE");
        _toText = (delegate* unmanaged<NativeString*, void*, byte, NativeString*>)Find("_ZNK5torch3jit5Graph8toStringB5cxx11Eb");
        _onNode = (delegate* unmanaged<delegate* unmanaged<void*, void>,
            void>)Find("_ZN5torch3jit6tracer23setRecordSourceLocationEPFvPNS0_4NodeEE");
        s_operatorName = (delegate* unmanaged<void*, byte*>)Find("_ZNK2at14RecordFunction4nameEv");
        _addCallback =
            (delegate* unmanaged<OperatorCallback, ulong>)Find("_ZN2at22addThreadLocalCallbackENS_22RecordFunctionCallbackE");
        _removeCallback = (delegate* unmanaged<ulong, void>)Find("_ZN2at14removeCallbackEm");
        _constantOf = (delegate* unmanaged<OptionalValue*, void*, OptionalValue*>)Find("_ZN5torch3jit8toIValueEPKNS0_5ValueE");
    }

    /// <summary>The tracer of this process.</summary>
    /// <exception cref="PlatformNotSupportedException">It cannot run here, for the reason in the message.</exception>
    public static LibtorchTracer Instance => Probed.Value;

    /// <summary>Records what <paramref name="forward"/> does with its tensors.</summary>
    /// <param name="named">Inputs, parameters and buffers by the names that they get in the graph; each tensor once.</param>
    /// <param name="forward">Runs on this thread, without gradients.</param>
    /// <param name="keepValues">Whether the recording holds copies of the tensors that <paramref name="forward"/> computes.</param>
    /// <param name="ignoresEqual">Whether libtorch itself compares tensors, as its attention layers do to share work.</param>
    /// <returns>The graph as libtorch's text, and the tensors that <paramref name="forward"/> made from nothing; the caller disposes
    /// them.</returns>
    /// <exception cref="ExportException">An output does not come from the inputs.</exception>
    public Recording Record(IReadOnlyList<(string Name, Tensor Tensor)> named, Func<IReadOnlyList<Tensor>> forward, bool keepValues = false,
        bool ignoresEqual = false)
    {
        void* state = NativeMemory.AllocZeroed(StateBytes);
        _newState(state);
        var constants = new List<(string Name, Tensor Tensor)>();
        var names = new Dictionary<nint, string>();
        NodeList nodes = default;
        ReadList reads = new() { IgnoresEqual = ignoresEqual };
        var kept = keepValues ? new ValueRecorder(this, state) : null;
        bool done = false;
        try
        {
            void* graph = ((void**)state)[GraphWord];
            using (Text name = new("tsharp::inputs"))
            {
                // Inputs are outputs of a custom node, since real graph inputs can only be created through C++ templates.
                Begin(state);
                uint symbol = _symbol(name.Pointer);
                void* node = _createNode(graph, symbol, 0);
                _insertNode(state, node);
                foreach ((string key, Tensor tensor) in named)
                {
                    void* value = _addOutput(node);
                    Name(value, key, names);

                    _inferType(value, (void*)tensor.Handle);
                    NativeValue native = ValueOf(tensor);
                    _setValue(state, &native, value);
                }

                if (_outputsWord == 0)
                {
                    _outputsWord = FindOutputsWord(graph, symbol);
                }
            }

            t_nodes = &nodes;
            t_recorder = kept;
            IReadOnlyList<Tensor> outputs = Watch(&reads, forward);
            t_recorder = null;
            kept?.Finish();
            var outputNames = new List<string>();
            for (int i = 0; i < outputs.Count; i++)
            {
                NativeValue native = ValueOf(outputs[i]);
                if (_hasValue(state, &native) == 0)
                {
                    throw new ExportException($"Output {i} is not computed from the module's inputs, parameters or buffers, so there is "
                        + "nothing to export. Return a tensor that forward computes.");
                }

                // An output may be an input, a parameter or another output: it keeps its name.
                void* value = _getValue(state, &native);
                outputNames.Add(names.TryGetValue((nint)value, out string? name) ? name : Name(value, $"output/{i}", names));
            }

            End();
            TakeConstants(nodes, constants, names);
            kept?.NameAll(names);
            string text = ReadText(graph);
            done = true;
            return new Recording(text, outputNames, constants) { ReadsAfter = [.. new ReadOnlySpan<int>(reads.After, reads.Count)],
                Values = kept?.Values ?? [], Overwritten = kept?.Overwritten ?? [] };
        }
        finally
        {
            End();
            t_nodes = null;
            t_recorder = null;
            NativeMemory.Free(nodes.Start);
            _deleteState(state);
            NativeMemory.Free(state);
            if (!done)
            {
                constants.ForEach(c => c.Tensor.Dispose());
                kept?.Dispose();
            }
        }
    }

    /// <summary>Identifies a tensor, whatever its name.</summary>
    public static nint IdentityOf(Tensor tensor) => *(nint*)tensor.Handle;

    private string Name(void* value, string name, Dictionary<nint, string> names)
    {
        using Text label = new(name);
        _setName(value, label.Pointer);
        return names[(nint)value] = name;
    }

    private static LibtorchTracer Probe()
    {
        const string What = "Modules cannot be exported here: ";
        const string Remedy =
            " Export needs TorchSharp 0.107 with libtorch 2.10 on Linux x64; weights trained anywhere can be loaded and exported there.";
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new PlatformNotSupportedException($"{What}this is {RuntimeInformation.RuntimeIdentifier}.{Remedy}");
        }

        Version version = typeof(torch).Assembly.GetName().Version!;
        if (version.Major != 0 || version.Minor != 107)
        {
            throw new PlatformNotSupportedException($"{What}this is TorchSharp {version}.{Remedy}");
        }

        using Tensor loaded = zeros(1);
        try
        {
            var tracer = new LibtorchTracer(NativeLibrary.Load(FindLibrary()));

            // One for the whole process, as other threads may be tracing too; it is thread-aware itself.
            tracer._onNode(&OnNode);
            tracer.Try();
            return tracer;
        }
        catch (Exception e) when (e is DllNotFoundException or PlatformNotSupportedException or ExportException)
        {
            throw new PlatformNotSupportedException($"{What}{e.Message}.{Remedy}", e);
        }
    }

    private static string FindLibrary()
    {
        // The one that TorchSharp has loaded; loading another copy would trace nothing.
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (path >= 0 && line.EndsWith("/" + Library, StringComparison.Ordinal))
            {
                return line[path..];
            }
        }

        throw new DllNotFoundException($"{Library} is not loaded");
    }

    /// <summary>Traces 2 * x + c and looks at the text: strings, offsets and values are as expected, or nothing else is tried.</summary>
    private void Try()
    {
        using IDisposable quiet = no_grad();
        using Tensor x = ones(2, 3);
        using Recording recording = Record([("x", x)], () =>
        {
            using Tensor c = arange(3, ScalarType.Float32);
            using Tensor twice = x.mul(2);
            return [twice.add(c)];
        });
        bool sound = recording.Text.Contains("%x : Float(2, 3", StringComparison.Ordinal)
            && recording.Text.Contains("aten::mul", StringComparison.Ordinal)
            && recording.Text.Contains("%output/0 : Float(2, 3", StringComparison.Ordinal);
        if (!sound)
        {
            throw new PlatformNotSupportedException($"libtorch's tracer gave an unexpected graph: {recording.Text}");
        }
    }

    private void Begin(void* state)
    {
        // A shared pointer without a control block: it does not own the state.
        void** shared = stackalloc void*[2];
        shared[0] = state;
        shared[1] = null;
        _setState(shared);
    }

    private void End()
    {
        void** shared = stackalloc void*[2];
        shared[0] = null;
        shared[1] = null;
        _setState(shared);
    }

    /// <summary>Names the tensor constants of the graph and takes them over; runs when tracing has ended, as it makes tensors.</summary>
    private void TakeConstants(NodeList nodes, List<(string Name, Tensor Tensor)> constants, Dictionary<nint, string> names)
    {
        foreach (nint node in nodes.Span.ToArray().Distinct())
        {
            void** outputs = ((void***)node)[_outputsWord];
            void** end = ((void***)node)[_outputsWord + 1];
            if (end - outputs != 1)
            {
                continue;
            }

            OptionalValue constant = default;
            _constantOf(&constant, outputs[0]);
            if (constant.HasValue == 0 || constant.Value.Tag != TensorTag || constant.Value.Payload is null)
            {
                // Numbers and flags are in the text; lists of them own memory, but a trace never holds such a constant.
                continue;
            }

            string name = $"constant/{constants.Count}";
            Name(outputs[0], name, names);

            // A heap cell with the reference returned by toIValue: TorchSharp's Dispose deletes the cell and drops the reference.
            void** cell = (void**)NativeMemory.Alloc((nuint)sizeof(void*));
            *cell = constant.Value.Payload;
            constants.Add((name, Tensor.UnsafeCreateTensor((nint)cell).DetachFromDisposeScope()));
        }
    }

    private string ReadText(void* graph)
    {
        NativeString text;
        _toText(&text, graph, 0);
        string result = Encoding.UTF8.GetString(text.Start, checked((int)text.Length));
        if (text.Length > 15)
        {
            // Longer than the inline buffer: on the heap, which operator delete frees as free does.
            NativeMemory.Free(text.Start);
        }

        return result;
    }

    /// <summary>The offset, in words, of the vector of outputs in a node, found on a node with three outputs.</summary>
    private int FindOutputsWord(void* graph, uint symbol)
    {
        void* node = _createNode(graph, symbol, 3);
        for (int word = 1; word < 40; word++)
        {
            ulong* at = (ulong*)node + word;
            if (at[1] - at[0] == 3 * (ulong)sizeof(void*) && at[2] >= at[1] && at[0] > 0x1000)
            {
                return word;
            }
        }

        throw new PlatformNotSupportedException("libtorch's nodes are laid out in an unknown way");
    }

    private static NativeValue ValueOf(Tensor tensor) => new() { Payload = *(void**)tensor.Handle, Tag = TensorTag };

    [UnmanagedCallersOnly]
    private static void OnNode(void* node)
    {
        if (t_nodes is not null)
        {
            t_nodes->Add((nint)node);
        }

        t_recorder?.Look();
    }

    /// <summary>
    /// Nodes in native memory: they come in while libtorch runs an operator, when nothing may be allocated that the garbage collector
    /// sees. It would take the numbers among the operator's arguments (TorchSharp's Scalar), which no managed code holds any more.
    /// </summary>
    private struct NodeList
    {
        public nint* Start;
        private int _count, _room;

        public readonly ReadOnlySpan<nint> Span => new(Start, _count);

        public void Add(nint node)
        {
            if (_count == _room)
            {
                _room = Math.Max(256, 2 * _room);
                Start = (nint*)NativeMemory.Realloc(Start, (nuint)_room * (nuint)sizeof(nint));
            }

            Start[_count++] = node;
        }
    }

    /// <summary>c10::IValue.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeValue
    {
        public void* Payload;
        public uint Tag;
    }

    /// <summary>std::optional of c10::IValue.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OptionalValue
    {
        public NativeValue Value;
        public byte HasValue;
    }

    /// <summary>libstdc++'s std::string.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NativeString
    {
        public byte* Start;
        public nuint Length;
        public ulong Capacity;
        public ulong Rest;
    }

    /// <summary>A string for the length of a call.</summary>
    private readonly ref struct Text
    {
        public Text(string text)
        {
            int length = Encoding.UTF8.GetByteCount(text);
            byte* memory = (byte*)NativeMemory.AllocZeroed((nuint)(sizeof(NativeString) + length + 1));
            Pointer = (NativeString*)memory;
            Pointer->Start = memory + sizeof(NativeString);
            Pointer->Length = (nuint)Encoding.UTF8.GetBytes(text, new Span<byte>(Pointer->Start, length));
            Pointer->Capacity = (ulong)Math.Max(length, 16);
        }

        public NativeString* Pointer { get; }

        public void Dispose() => NativeMemory.Free(Pointer);
    }
}
