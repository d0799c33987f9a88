namespace Inpaint.Fuzz;

/// <summary>A run returned an invalid result or exceeded a bound; the fuzzer counts it as a crash.</summary>
internal sealed class OutOfBoundsException(string message) : Exception(message);
