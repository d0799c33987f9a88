namespace Inpaint;

/// <summary>The base of all errors whose message tells a person what was found, what was expected and what to do.</summary>
public abstract class InpaintException(string message, Exception? innerException = null) : Exception(message, innerException);
