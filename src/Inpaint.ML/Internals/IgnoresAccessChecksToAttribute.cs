namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by its name: calls from this assembly into the named one are not refused for access.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName => assemblyName;
}
