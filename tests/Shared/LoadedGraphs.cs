using System.Collections;
using System.Reflection;

namespace Inpaint.TestSupport;

/// <summary>The graphs that this process holds in memory, for tests of leaks.</summary>
internal static class LoadedGraphs
{
    private static readonly ICollection Loaded = (ICollection)Type.GetType("Inpaint.Onnx.Runtime.LoadedGraph, Inpaint.Onnx",
        throwOnError: true)!
        .GetField("Loaded", BindingFlags.NonPublic | BindingFlags.Static)!
        .GetValue(null)!;

    public static int Count => Loaded.Count;
}
