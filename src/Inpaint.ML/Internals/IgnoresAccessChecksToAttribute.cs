namespace System.Runtime.CompilerServices;

/// <summary>Recognised by the runtime by its name: skips access checks for calls from this assembly into the named one.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName => assemblyName;
}
