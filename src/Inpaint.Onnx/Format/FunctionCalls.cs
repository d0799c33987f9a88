namespace Inpaint.Onnx.Format;

/// <summary>
/// The call graph of a model's functions. Runtimes inline functions, so recursion never terminates, and a few functions that call each
/// other several times can exhaust the memory.
/// </summary>
internal sealed class FunctionCalls
{
    private const int DeepestCall = 100;
    private readonly Dictionary<string, Body> functions = [];
    private readonly Dictionary<string, (long Nodes, int Height)> written = [];
    private readonly HashSet<string> open = [];

    /// <summary>The nodes of the main graph.</summary>
    public Body Main { get; } = new();

    public static string Key(string domain, string name, string overload) => $"{GraphInspection.Domain(domain)}:{name}:{overload}";

    /// <summary>Adds a function's body; null if the key exists.</summary>
    public Body? Add(string key)
    {
        var body = new Body();
        return functions.TryAdd(key, body) ? body : null;
    }

    /// <summary>
    /// Checks that the main graph, with all functions inlined, is finite and has at most <paramref name="maxNodes"/> nodes.
    /// </summary>
    public void Check(long maxNodes, string what)
    {
        foreach (string key in functions.Keys)
        {
            WrittenOut(key, 1, what);
        }

        long nodes = Sum(Main, 0, what).Nodes;
        if (nodes > maxNodes)
        {
            throw new OnnxFormatException(
                $"{what}: found {(nodes == long.MaxValue ? "more nodes than can be counted" : $"{nodes} nodes")} with all functions "
                    + $"inlined, expected at most {maxNodes}; allow more if you trust the file.");
        }
    }

    private (long Nodes, int Height) WrittenOut(string key, int depth, string what)
    {
        if (written.TryGetValue(key, out (long Nodes, int Height) known))
        {
            return known;
        }

        if (!open.Add(key))
        {
            throw new OnnxFormatException(
                $"{what}: function '{key.TrimEnd(':')}' calls itself, directly or indirectly; recursive functions are not allowed.");
        }

        (long Nodes, int Height) sum = Sum(functions[key], depth, what);
        open.Remove(key);
        return written[key] = sum;
    }

    private (long Nodes, int Height) Sum(Body body, int depth, string what)
    {
        long nodes = 0;
        int height = 0;
        foreach ((string key, long count) in body.Calls)
        {
            (long Nodes, int Height) called = functions.ContainsKey(key)
                ? depth < DeepestCall ? WrittenOut(key, depth + 1, what) : throw TooDeep(what)
                : (1, 0);
            height = Math.Max(height, called.Height + 1);
            UInt128 total = (UInt128)(ulong)count * (ulong)called.Nodes + (ulong)nodes;
            nodes = total > long.MaxValue ? long.MaxValue : (long)total;
        }

        return height <= DeepestCall ? (nodes, height) : throw TooDeep(what);
    }

    private static OnnxFormatException TooDeep(string what) =>
        new($"{what}: found functions that call each other more than {DeepestCall} deep, which no exporter makes; do not use this file.");

    /// <summary>The number of uses of each operator in a graph or function.</summary>
    internal sealed class Body
    {
        public Dictionary<string, long> Calls { get; } = [];

        public void Add(string key) => Calls[key] = Calls.GetValueOrDefault(key) + 1;
    }
}
