namespace Inpaint;

/// <summary>The base of all exceptions with a message for users: what was found, what was expected and what to do.</summary>
public abstract class InpaintException(string message, Exception? innerException = null) : Exception(message, innerException);
