namespace Inpaint.Onnx.Format;

/// <summary>
/// Who calls whom among a model's functions. A runtime writes functions out where they are called, so a function that
/// calls itself never ends, and a few lines that call each other ten times over fill any memory.
/// </summary>
internal sealed class FunctionCalls
{
    private const int DeepestCall = 100;
    private readonly Dictionary<string, Body> functions = [];
    private readonly Dictionary<string, (long Nodes, int Height)> written = [];
    private readonly HashSet<string> open = [];

    /// <summary>The main graph's nodes.</summary>
    public Body Main { get; } = new();

    public static string Key(string domain, string name, string overload) => $"{GraphInspection.Domain(domain)}:{name}:{overload}";

    /// <summary>A function's body, to be filled; null when there is one of that key.</summary>
    public Body? Add(string key)
    {
        var body = new Body();
        return functions.TryAdd(key, body) ? body : null;
    }

    /// <summary>
    /// Checks that the main graph, with every function written out, ends and has at most <paramref name="maxNodes"/> nodes.
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
                $"{what}: found {(nodes == long.MaxValue ? "more nodes than can be counted" : $"{nodes} nodes")} with every function "
                    + $"written out, expected at most {maxNodes}; allow more where you trust the file.");
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
                $"{what}: function '{key.TrimEnd(':')}' calls itself, by way of others or at once; a graph's functions may not.");
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

    /// <summary>How often a graph or a function uses each operator.</summary>
    internal sealed class Body
    {
        public Dictionary<string, long> Calls { get; } = [];

        public void Add(string key) => Calls[key] = Calls.GetValueOrDefault(key) + 1;
    }
}
