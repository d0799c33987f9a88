using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Inpaint.Onnx.TorchSharp.Libtorch;
using TorchSharp;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>Keeps the intermediate values of forward, to find where a graph begins to differ.</summary>
internal sealed unsafe partial class LibtorchTracer
{
    [ThreadStatic]
    private static ValueRecorder? t_recorder;

    /// <summary>
    /// Copies the tensors that are alive whenever an operator begins: all that were computed so far, except those that forward has disposed
    /// and those internal to libtorch. It allocates inside operators (see <see cref="NodeList"/>), so garbage is not collected meanwhile.
    /// </summary>
    private sealed class ValueRecorder : IDisposable
    {
        private readonly LibtorchTracer _tracer;
        private readonly void* _state;
        private readonly Dictionary<nint, Tensor> _copies = [];
        private readonly HashSet<nint> _overwritten = [];
        private readonly GarbageCollectionPause _pause;
        private ExceptionDispatchInfo? _failure;

        public ValueRecorder(LibtorchTracer tracer, void* state)
        {
            _tracer = tracer;
            _state = state;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            _pause = GarbageCollectionPause.Begin();
        }

        public Dictionary<string, Tensor> Values { get; } = [];

        public HashSet<string> Overwritten { get; } = [];

        /// <summary>Runs inside libtorch, where no exception may pass: it waits for <see cref="Finish"/>.</summary>
        public void Look()
        {
            if (_failure is not null)
            {
                return;
            }

            try
            {
                // Looking values up needs the tracer, copying them must not be recorded.
                List<(nint Value, Tensor Tensor)> recorded = Recorded();
                _tracer.End();
                foreach ((nint value, Tensor tensor) in recorded)
                {
                    if (!_copies.ContainsKey(value))
                    {
                        _copies.Add(value, Copy(tensor));
                    }
                }
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                _tracer.Begin(_state);
            }
        }

        /// <summary>Copies the last values, and compares what is still alive with its copy.</summary>
        public void Finish()
        {
            Look();
            _pause.Dispose();
            _failure?.Throw();
            List<(nint Value, Tensor Tensor)> recorded = Recorded();
            _tracer.End();
            foreach ((nint value, Tensor tensor) in recorded)
            {
                if (!tensor.is_complex() && TensorComparison.Difference(tensor, _copies[value]) != 0)
                {
                    _overwritten.Add(value);
                }
            }

            _tracer.Begin(_state);
        }

        /// <summary>Gives every kept value a name in the graph's text.</summary>
        public void NameAll(Dictionary<nint, string> names)
        {
            foreach ((nint value, Tensor copy) in _copies)
            {
                string name = names.TryGetValue(value, out string? known) ? known
                    : _tracer.Name((void*)value, $"value/{Values.Count}", names);
                Values.Add(name, copy);
                if (_overwritten.Contains(value))
                {
                    Overwritten.Add(name);
                }
            }
        }

        public void Dispose()
        {
            _pause.Dispose();
            foreach (Tensor copy in _copies.Values)
            {
                copy.Dispose();
            }
        }

        private List<(nint Value, Tensor Tensor)> Recorded()
        {
            var recorded = new List<(nint, Tensor)>();
            using DisposeScope innermost = NewDisposeScope();
            for (DisposeScope? scope = OuterOf(innermost); scope is not null; scope = OuterOf(scope))
            {
                foreach (Tensor tensor in scope.DisposablesView.OfType<Tensor>().Where(t => !t.IsInvalid))
                {
                    NativeValue native = ValueOf(tensor);
                    if (_tracer._hasValue(_state, &native) != 0)
                    {
                        recorded.Add(((nint)_tracer._getValue(_state, &native), tensor));
                    }
                }
            }

            return recorded;
        }

        private static Tensor Copy(Tensor tensor)
        {
            using Tensor plain = tensor.detach();
            return plain.clone().DetachFromDisposeScope();
        }

        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_OuterScope")]
        private static extern DisposeScope? OuterOf(DisposeScope scope);
    }
}
