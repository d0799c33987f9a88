namespace Inpaint.Onnx.TorchSharp.Tests;

/// <summary>Tests of what the whole process shares, its memory and its random numbers: no other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
