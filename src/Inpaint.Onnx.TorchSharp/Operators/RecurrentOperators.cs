using Inpaint.Onnx.TorchSharp.Conversion;
using Inpaint.Onnx.TorchSharp.Tracing;
using static TorchSharp.torch;

namespace Inpaint.Onnx.TorchSharp.Operators;

/// <summary>
/// Recurrent layers, one ONNX node for each layer with both directions in it. Single cells are recorded as the products that they are made
/// of.
/// </summary>
internal static class RecurrentOperators
{
    // The gates of a long short-term memory: libtorch has input, forget, cell, output; ONNX input, output, forget, cell.
    private static readonly Recurrence Lstm = new("LSTM", [0, 3, 1, 2], ["Sigmoid", "Tanh", "Tanh"]);

    // Those of a gated recurrent unit: reset, update, new; ONNX update, reset, new.
    private static readonly Recurrence Gru = new("GRU", [1, 0, 2], ["Sigmoid", "Tanh"]);

    public static void AddTo(OperatorTable table)
    {
        foreach ((string name, string state, string states, Recurrence recurrence) in new[]
        {
            ("lstm", "Tensor[]", ", Tensor", Lstm), ("gru", "Tensor", "", Gru),
            ("rnn_tanh", "Tensor", "", new("RNN", [0], ["Tanh"])), ("rnn_relu", "Tensor", "", new("RNN", [0], ["Relu"])),
        })
        {
            table.Add($"""
                aten::{name}.input(Tensor input, {state} hx, Tensor[] params, bool has_biases, int num_layers, float dropout,
                    bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor{states})
                """, c => Layers(c, recurrence));
            table.Add($"""
                aten::{name}.data(Tensor data, Tensor batch_sizes, {state} hx, Tensor[] params, bool has_biases, int num_layers,
                    float dropout, bool train, bool bidirectional) -> (Tensor, Tensor{states})
                """, c => throw c.Unsupported("a packed sequence; give padded sequences, and mask what is beyond the end of each"));
        }
    }

    private static void Layers(OperatorContext c, Recurrence recurrence)
    {
        if (c.Flag("train") && c.Number("dropout") > 0)
        {
            throw c.Unsupported("dropout between its layers in training mode");
        }

        ScalarType type = c.OutputType(), single = Kernels.Single(type);
        bool biases = c.Flag("has_biases"), batchFirst = c.Flag("batch_first");
        int layers = (int)c.Int("num_layers"), directions = c.Flag("bidirectional") ? 2 : 1, each = biases ? 4 : 2;
        string[] weights = [.. c.Tensors("params").Select(w => c.Cast(w, type, single))];
        if (weights.Length != layers * directions * each)
        {
            throw c.Unsupported("a projection of its state (proj_size)");
        }

        long hidden = c.Shapes("params")[1][1].Value;
        string value = c.Operand("input", single);
        value = batchFirst ? c.Transpose(value, 1, 0, 2) : value;
        string[] initial = [.. (c.IsList("hx") ? c.Tensors("hx") : [c.Tensor("hx")]).Select(s => c.Cast(s, type, single))];
        var last = new List<string>[initial.Length];
        Array.ForEach([.. Enumerable.Range(0, last.Length)], i => last[i] = []);
        for (int layer = 0; layer < layers; layer++)
        {
            int first = layer * directions;

            // One tensor for both directions, with the gates in ONNX's order.
            string Both(params ReadOnlySpan<int> parts)
            {
                var sides = new List<string>();
                for (int direction = 0; direction < directions; direction++)
                {
                    int at = (first + direction) * each;
                    var joined = new List<string>();
                    foreach (int part in parts)
                    {
                        joined.Add(recurrence.Reorder(c, weights[at + part], hidden));
                    }

                    sides.Add(c.Unsqueeze(c.Concat(0, joined), 0));
                }

                return c.Concat(0, sides);
            }

            string[] states = [.. initial.Select(s => layers == 1 ? s : c.Slice(s, 0, first, first + directions))];
            string[] inputs = [value, Both(0), Both(1), biases ? Both(2, 3) : "", "", .. states];
            IReadOnlyList<string> found =
                c.Graph.Nodes(recurrence.Operator, inputs, 1 + states.Length, recurrence.Attributes(hidden, directions));
            for (int i = 0; i < states.Length; i++)
            {
                last[i].Add(found[i + 1]);
            }

            // [length, directions, batch, hidden] to [length, batch, directions * hidden]
            value = directions == 1
                ? c.Squeeze(found[0], 1)
                : c.Node("Reshape", [c.Transpose(found[0], 0, 2, 1, 3), c.Vector(0, 0, directions * hidden)]);
        }

        value = batchFirst ? c.Transpose(value, 1, 0, 2) : value;
        c.Return([c.Cast(value, single, type), .. last.Select(s => c.Cast(c.Concat(0, s), single, type))]);
    }

    /// <summary>The ONNX form of a recurrent layer.</summary>
    /// <param name="Operator">Its operator.</param>
    /// <param name="Gates">The index of libtorch's gate at each position.</param>
    /// <param name="Activations">The functions of one direction.</param>
    private sealed record Recurrence(string Operator, int[] Gates, string[] Activations)
    {
        /// <summary>A weight or bias with its gates in ONNX's order.</summary>
        public string Reorder(OperatorContext c, string weight, long hidden)
        {
            if (Gates.Length == 1)
            {
                return weight;
            }

            IReadOnlyList<string> gates = c.Split(weight, 0, [.. Gates.Select(_ => (SymbolicInt)hidden)]);
            return c.Concat(0, [.. Gates.Select(g => gates[g])]);
        }

        public AttributePair[] Attributes(long hidden, int directions) =>
        [
            ("hidden_size", hidden),
            ("direction", directions == 2 ? "bidirectional" : "forward"),
            ("activations", Enumerable.Repeat(Activations, directions).SelectMany(a => a).ToArray()),
            .. Operator == "GRU" ? (AttributePair[])[("linear_before_reset", 1L)] : [],
        ];
    }
}
