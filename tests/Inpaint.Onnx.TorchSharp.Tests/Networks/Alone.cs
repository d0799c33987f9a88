namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Tests of process-wide state, such as memory and random numbers; no other tests run in parallel.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
