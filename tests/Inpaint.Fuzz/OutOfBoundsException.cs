namespace Inpaint.Fuzz;

/// <summary>A run gave what it must not give, or took more than it may: the fuzzer counts it as a crash.</summary>
internal sealed class OutOfBoundsException(string message) : Exception(message);
