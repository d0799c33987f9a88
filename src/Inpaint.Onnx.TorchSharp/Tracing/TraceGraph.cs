using System.Globalization;
using TorchSharp;

namespace Inpaint.Onnx.TorchSharp.Tracing;

/// <summary>A recorded graph: nodes in the order they ran.</summary>
/// <param name="Nodes">The nodes; the first provides the inputs, parameters and buffers.</param>
internal sealed record TraceGraph(IReadOnlyList<TraceNode> Nodes)
{
    /// <summary>Whether the same operators ran in the same order on the same values, whatever the values are called.</summary>
    public bool HasFormOf(TraceGraph other)
    {
        if (Nodes.Count != other.Nodes.Count)
        {
            return false;
        }

        var names = new Dictionary<string, string>();
        foreach ((TraceNode a, TraceNode b) in Nodes.Zip(other.Nodes))
        {
            if (a.Kind != b.Kind || a.Outputs.Count != b.Outputs.Count || !a.Inputs.Select(i => names[i]).SequenceEqual(b.Inputs))
            {
                return false;
            }

            foreach ((TraceValue x, TraceValue y) in a.Outputs.Zip(b.Outputs))
            {
                names.Add(x.Name, y.Name);
            }
        }

        return true;
    }
}

/// <summary>One recorded operation.</summary>
/// <param name="Kind">Such as <c>aten::conv2d</c> or <c>prim::Constant</c>.</param>
/// <param name="Inputs">Names of the values it takes.</param>
/// <param name="Outputs">The values it gives.</param>
/// <param name="Attribute">A constant's value as libtorch writes it; null for none.</param>
internal sealed record TraceNode(string Kind, IReadOnlyList<string> Inputs, IReadOnlyList<TraceValue> Outputs, string? Attribute);

/// <summary>A recorded value.</summary>
/// <param name="Name">Its name in the trace.</param>
/// <param name="Type">Such as <c>int</c>, <c>int[]</c>, <c>NoneType</c> or, for tensors, <c>Float</c>.</param>
/// <param name="Shape">The tensor's shape in this trace; null if the value is not a tensor.</param>
internal sealed record TraceValue(string Name, string Type, IReadOnlyList<long>? Shape)
{
    /// <summary>The tensor's element type; null if the value is not a tensor.</summary>
    public torch.ScalarType? ElementType => Shape is null ? null : Type switch
    {
        "Float" => torch.ScalarType.Float32,
        "Double" => torch.ScalarType.Float64,
        "Half" => torch.ScalarType.Float16,
        "BFloat16" => torch.ScalarType.BFloat16,
        "Long" => torch.ScalarType.Int64,
        "Int" => torch.ScalarType.Int32,
        "Short" => torch.ScalarType.Int16,
        "Char" => torch.ScalarType.Int8,
        "Byte" => torch.ScalarType.Byte,
        "Bool" => torch.ScalarType.Bool,
        "ComplexFloat" => torch.ScalarType.ComplexFloat32,
        "ComplexDouble" => torch.ScalarType.ComplexFloat64,
        _ => null,
    };
}

/// <summary>Reads libtorch's notation of a graph.</summary>
internal static class TraceParser
{
    public static TraceGraph Parse(string text)
    {
        var nodes = new List<TraceNode>();
        foreach (string line in text.Split('\n'))
        {
            string trimmed = line.Trim();
            if (trimmed.StartsWith('%'))
            {
                nodes.Add(new Reader(trimmed).Node());
            }
            else if (trimmed.Length > 0 && !trimmed.StartsWith("graph(", StringComparison.Ordinal)
                && !trimmed.StartsWith("return (", StringComparison.Ordinal)
                && !trimmed.Contains(" = ", StringComparison.Ordinal) && !trimmed.StartsWith('#')
                && !trimmed.StartsWith("= ", StringComparison.Ordinal))
            {
                throw new ExportException($"libtorch recorded '{Shorten(trimmed)}', which is not understood. A forward with control flow "
                    + "inside libtorch cannot be exported.");
            }
        }

        return new TraceGraph(nodes);
    }

    private static string Shorten(string text) => text.Length > 120 ? text[..120] + "…" : text;

    private ref struct Reader(string line)
    {
        private readonly string _line = line;
        private int _at;

        public TraceNode Node()
        {
            var outputs = new List<TraceValue>();
            do
            {
                Skip();
                outputs.Add(Value());
                Skip();
            }
            while (Take(','));
            Expect("= ");
            string kind = Until('[', '(');
            string? attribute = null;
            if (Take('['))
            {
                attribute = Attribute();
            }

            Expect("(");
            var inputs = new List<string>();
            while (!Take(')'))
            {
                Expect("%");
                inputs.Add(Until(',', ')'));
                if (Take(','))
                {
                    Skip();
                }
            }

            return new TraceNode(kind, inputs, outputs, attribute);
        }

        private TraceValue Value()
        {
            Expect("%");
            string name = Until(' ');
            Expect(" : ");
            int start = _at;
            while (_at < _line.Length && (char.IsLetterOrDigit(_line[_at]) || _line[_at] is '[' or ']' or '_' or '.' or '?'))
            {
                _at++;
            }

            string type = _line[start.._at];
            if (!Take('('))
            {
                return new TraceValue(name, type, null);
            }

            return new TraceValue(name, type, Shape());
        }

        /// <summary>The sizes before strides and other properties: <c>2, 3, strides=[...], device=cpu)</c>.</summary>
        private long[] Shape()
        {
            int depth = 1, start = _at;
            while (depth > 0)
            {
                char c = _line[_at++];
                depth += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            }

            var sizes = new List<long>();
            foreach (string part in _line[start..(_at - 1)].Split(','))
            {
                if (!long.TryParse(part, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out long size))
                {
                    break;
                }

                sizes.Add(size);
            }

            return [.. sizes];
        }

        /// <summary>The value of <c>[value=...]</c>; text is in quotes and may hold brackets.</summary>
        private string Attribute()
        {
            Expect("value=");
            int start = _at, depth = 1;
            bool quoted = false;
            while (true)
            {
                char c = _line[_at++];
                if (c == '\\' && quoted)
                {
                    _at++;
                }
                else if (c == '"')
                {
                    quoted = !quoted;
                }
                else if (!quoted)
                {
                    depth += c is '[' or '{' ? 1 : c is ']' or '}' ? -1 : 0;
                    if (depth == 0)
                    {
                        return _line[start..(_at - 1)].Trim();
                    }
                }
            }
        }

        private string Until(char a, char b = '\0')
        {
            int start = _at;
            while (_at < _line.Length && _line[_at] != a && _line[_at] != b)
            {
                _at++;
            }

            return _line[start.._at];
        }

        private void Skip()
        {
            while (_at < _line.Length && _line[_at] == ' ')
            {
                _at++;
            }
        }

        private bool Take(char c)
        {
            if (_at < _line.Length && _line[_at] == c)
            {
                _at++;
                return true;
            }

            return false;
        }

        private void Expect(string text)
        {
            if (string.CompareOrdinal(_line, _at, text, 0, text.Length) != 0)
            {
                throw new ExportException(
                    $"libtorch recorded '{Shorten(_line)}', which cannot be parsed at column {_at} (expected '{text}').");
            }

            _at += text.Length;
        }
    }
}
